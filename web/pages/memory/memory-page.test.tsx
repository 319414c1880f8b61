// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { api } from '../../state/api.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { FactList } from './fact-list.tsx';
import {
  someDate,
  someDiaryEntry,
  someFact,
  someOverview,
  somePortrait,
  someSource,
  someSummary,
  THEN,
} from './memory-fixtures.ts';
import { MemoryDates } from './memory-dates.tsx';
import { MemoryDiary } from './memory-diary.tsx';
import { MemoryPortraitView } from './memory-portrait.tsx';
import { MemorySearchResults } from './memory-search-results.tsx';
import { MemorySettingsView } from './memory-settings.tsx';

type Calls = Partial<Record<string, unknown>>;
/** Answers calls by their names; what is not scripted fails the test. */
function serve(answers: Calls) {
  return vi.spyOn(api, 'call').mockImplementation((name): Promise<never> => {
    if (!(name in answers)) throw new Error(`No answer is scripted for ${name}.`);
    return Promise.resolve(answers[name] as never);
  });
}
afterEach(() => vi.restoreAllMocks());

const key = (...rest: unknown[]) => ['memory', 'mira', ...rest];
const pages = (page: object) => ({ pages: [{ nextCursor: null, ...page }], pageParams: [undefined] });

describe('what a character knows', () => {
  test('reads as a page: how things stand, facts in groups, what is ahead', async () => {
    const portrait = somePortrait({
      groups: [
        { about: 'user', facts: [someFact('1', { text: 'Leo is a carpenter.' })] },
        { about: 'place', facts: [someFact('2', { about: 'place', text: 'The reef lies south.' })] },
        { about: 'promise', facts: [] },
      ],
      dates: [someDate('d', { text: 'Leo brings the oar back.' })],
    });
    await renderPage(<MemoryPortraitView characterId="mira" name="Mira" />, [[key('portrait'), portrait]]);
    expect(screen.getAllByRole('heading', { level: 2 }).map((heading) => heading.textContent)).toEqual([
      'How things stand between you',
      'About you',
      'Places',
      'What is ahead',
    ]);
    screen.getByText('Leo is a carpenter.');
    screen.getByText('Leo brings the oar back.');
  });

  test('shows what changed as one pair with its times, the newest last', async () => {
    const lyon = someFact('lyon', {
      text: 'Leo lived in Lyon.',
      replacedById: 'porto',
      validTo: new Date(2025, 4, 31).getTime(),
    });
    const porto = someFact('porto', {
      text: 'Leo lives in Porto.',
      replacesId: 'lyon',
      validFrom: new Date(2025, 4, 31).getTime(),
    });
    const groups = [{ about: 'user' as const, facts: [porto, lyon] }];
    await renderPage(<MemoryPortraitView characterId="mira" name="Mira" />, [
      [key('portrait'), somePortrait({ groups })],
    ]);
    const pair = screen.getByRole('group', { name: 'What changed: Leo lives in Porto.' });
    expect(
      within(pair)
        .getAllByRole('article')
        .map((item) => item.textContent),
    ).toEqual([
      expect.stringMatching(/^Leo lived in Lyon\..*until May 2025/),
      expect.stringMatching(/^Leo lives in Porto\..*since May 2025/),
    ]);
  });

  test('teaches where there is nothing yet', async () => {
    const empty = somePortrait({ groups: [], relationship: null, dates: [] });
    await renderPage(<MemoryPortraitView characterId="mira" name="Mira" />, [[key('portrait'), empty]]);
    screen.getByRole('heading', { name: 'Mira has yet to get to know you' });
  });

  test('a sentence of the summary shows what it rests on', async () => {
    const call = serve({ memorySources: { sources: [{ ...someSource('h-1'), before: null, after: null }] } });
    await renderPage(<MemoryPortraitView characterId="mira" name="Mira" />, [
      [key('portrait'), somePortrait({ groups: [], dates: [], relationship: someSummary() })],
    ]);
    fireEvent.click(screen.getByRole('button', { name: 'Leo and Mira trust each other.' }));
    await screen.findByText('words of h-1');
    expect(call).toHaveBeenCalledWith('memorySources', expect.objectContaining({ query: { ids: 'h-1' } }));
  });
});

describe('a fact', () => {
  const facts = [someFact('1', { text: 'Leo is a carpenter.', quote: 'I am a carpenter' })];
  const list = (shelf: 'known' | 'off-path' = 'known') => (
    <FactList characterId="mira" name="Mira" about={undefined} shelf={shelf} />
  );
  const listKey = (shelf = 'known') => key('facts', { about: undefined, shelf });

  test('shows the turn it was said in with its neighbours, the words marked, and leads there', async () => {
    const source = {
      ...someSource('h-1', { excerpt: 'Well, I am a carpenter by trade.' }),
      before: { messageId: 'm-0', speaker: 'Mira', byHuman: false, excerpt: 'What do you do?' },
      after: { messageId: 'm-2', speaker: 'Mira', byHuman: false, excerpt: 'Then mend my door.' },
    };
    serve({ memorySources: { sources: [source] } });
    await renderPage(list(), [[listKey(), pages({ facts })]]);
    fireEvent.click(screen.getByRole('button', { name: 'Where from?' }));
    const mark = await screen.findByText('I am a carpenter');
    expect(mark.tagName).toBe('MARK');
    screen.getByText('What do you do?');
    screen.getByText('Then mend my door.');
    const link = screen.getByRole('link', { name: 'Show in the conversation' });
    expect(link.getAttribute('href')).toBe('/c/c1?message=h-1');
  });

  test('is pinned, and corrected in its place', async () => {
    const call = serve({
      changeMemoryFact: someFact('2', { text: 'Leo is a boatbuilder.' }),
      memoryFacts: { facts, nextCursor: null },
    });
    await renderPage(list(), [[listKey(), pages({ facts })]]);
    fireEvent.click(screen.getByRole('button', { name: 'Keep in mind always: Leo is a carpenter.' }));
    await waitFor(() =>
      expect(call).toHaveBeenCalledWith('changeMemoryFact', { params: { id: '1' }, body: { pinned: true } }),
    );
    fireEvent.click(screen.getByRole('button', { name: 'More about: Leo is a carpenter.' }));
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Correct' }));
    const box = await screen.findByRole('textbox', { name: 'How it really is' });
    fireEvent.change(box, { target: { value: 'Leo is a boatbuilder.' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    const body = { text: 'Leo is a boatbuilder.' };
    await waitFor(() => expect(call).toHaveBeenCalledWith('changeMemoryFact', { params: { id: '1' }, body }));
    await waitFor(() => expect(screen.queryByRole('textbox', { name: 'How it really is' })).toBeNull());
  });

  test('is forgotten with what it was said in, and never remembered again, after being asked', async () => {
    const call = serve({ forgetMemoryFact: { ok: true }, memoryFacts: { facts: [], nextCursor: null } });
    await renderPage(list(), [[listKey(), pages({ facts })]]);
    fireEvent.click(screen.getByRole('button', { name: 'More about: Leo is a carpenter.' }));
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Forget' }));
    const dialog = await screen.findByRole('dialog');
    expect(call).not.toHaveBeenCalledWith('forgetMemoryFact', expect.anything());
    fireEvent.click(within(dialog).getByRole('radio', { name: /What it was said in, too/ }));
    fireEvent.click(within(dialog).getByRole('checkbox', { name: /^Never remember this/ }));
    fireEvent.click(within(dialog).getByRole('button', { name: 'Forget' }));
    const query = { scope: 'source', never: 'true' };
    await waitFor(() => expect(call).toHaveBeenCalledWith('forgetMemoryFact', { params: { id: '1' }, query }));
    await screen.findByText('Nothing here yet');
  });

  test('off the path is greyed and says why', async () => {
    const away = [someFact('3', { counts: false, sources: [someSource('h-3', { present: false })] })];
    await renderPage(list('off-path'), [[listKey('off-path'), pages({ facts: away })]]);
    const item = screen.getByRole('article', { name: 'fact 3' });
    expect(item.dataset['faded']).toBe('true');
    within(item).getByText(/on another branch, changed or deleted/);
  });
});

describe('the other views', () => {
  test('search marks the places in both scripts and says when nothing was found', async () => {
    const use = {
      kind: 'passage',
      id: 'h-9',
      conversationId: 'c1',
      text: '我们五月搬到波尔图了。',
      speaker: 'Leo',
      at: THEN,
      score: 1,
      parts: { lexical: 1, neighbours: 0, session: 0, names: 0, time: 0, vector: 0 },
      words: ['波尔', '尔图'],
      tokens: 0,
      sources: [],
    };
    await renderPage(<MemorySearchResults characterId="mira" words="波尔图" />, [
      [key('overview'), someOverview({ embedding: null })],
      [key('search', '波尔图'), { found: [use], facts: [] }],
    ]);
    expect(screen.getByText('波尔图').tagName).toBe('MARK');
    expect(screen.getByRole('status').textContent).toBe('1 place found');
    screen.getByRole('link', { name: 'A small embedding model' });
  });

  test('a page of the diary is changed where it stands', async () => {
    const call = serve({
      changeDiaryEntry: someDiaryEntry('p'),
      memoryDiary: { entries: [someDiaryEntry('p')], nextCursor: null },
      memoryOverview: someOverview(),
    });
    await renderPage(<MemoryDiary characterId="mira" name="Mira" />, [
      [key('diary'), pages({ entries: [someDiaryEntry('p')] })],
      [key('overview'), someOverview()],
    ]);
    fireEvent.click(screen.getByRole('button', { name: /^Change the page of / }));
    const box = await screen.findByRole('textbox', { name: /^The page of / });
    fireEvent.change(box, { target: { value: 'A calm night.' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(call).toHaveBeenCalledWith('changeDiaryEntry', { params: { id: 'p' }, body: { text: 'A calm night.' } }),
    );
  });

  test('dates ahead stand before what was kept, and one is marked as kept', async () => {
    const dates = [someDate('old', { state: 'kept' }), someDate('late', { dueAt: THEN + 9e8 }), someDate('soon')];
    const call = serve({ changeMemoryDate: someDate('soon'), memoryDates: { dates } });
    await renderPage(<MemoryDates characterId="mira" name="Mira" />, [[key('dates'), dates]]);
    expect(screen.getAllByRole('article').map((row) => row.getAttribute('aria-label'))).toEqual([
      'date soon',
      'date late',
      'date old',
    ]);
    fireEvent.click(screen.getByRole('button', { name: 'More about: date soon' }));
    fireEvent.click(await screen.findByRole('menuitem', { name: 'It was kept' }));
    const body = { state: 'kept' };
    await waitFor(() => expect(call).toHaveBeenCalledWith('changeMemoryDate', { params: { id: 'soon' }, body }));
  });

  test('settings pause memory, and a file says what it would bring before anything is written', async () => {
    const report = { facts: 4, diary: 0, dates: 1, rules: 0, known: 7 };
    const call = serve({
      changeMemorySettings: { ...someOverview().settings, paused: true },
      memoryOverview: someOverview(),
      memoryRules: { rules: [] },
      importMemory: report,
    });
    await renderPage(<MemorySettingsView characterId="mira" name="Mira" />, [
      [key('overview'), someOverview()],
      [key('rules'), []],
    ]);
    fireEvent.click(screen.getByRole('switch', { name: /^Pause memory/ }));
    const params = { id: 'mira' };
    await waitFor(() => expect(call).toHaveBeenCalledWith('changeMemorySettings', { params, body: { paused: true } }));
    const file = {
      format: 'everwith-memory',
      version: 1,
      character: { name: 'Mira', slug: 'mira' },
      exportedAt: THEN,
      facts: [],
      diary: [],
      dates: [],
      rules: [],
    };
    const input = screen.getByTestId('memory-file');
    fireEvent.change(input, { target: { files: [new File([JSON.stringify(file)], 'mira.json')] } });
    const dialog = await screen.findByRole('dialog');
    await within(dialog).findByText('There already, left alone');
    expect(call).toHaveBeenCalledWith('importMemory', expect.objectContaining({ query: { dry: 1 } }));
    expect(call.mock.calls.filter(([name]) => name === 'importMemory')).toHaveLength(1);
    fireEvent.click(within(dialog).getByRole('button', { name: 'Read it in' }));
    await waitFor(() => expect(call).toHaveBeenCalledWith('importMemory', { params, body: file }));
  });
});
