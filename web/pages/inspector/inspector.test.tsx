// @vitest-environment happy-dom
import { fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PromptRecord } from '../../../contract/prompts.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { InspectorContent } from './inspector-content.tsx';
import { somePrompt } from './prompt-fixtures.ts';

/** The test document has no layout: the scroller is 800 px high and rows are 60 px. */
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockImplementation(function offset(this: HTMLElement) {
    return this.dataset['index'] === undefined ? 800 : 60;
  });
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(800);
});
afterEach(() => vi.restoreAllMocks());

const record = somePrompt(
  [
    ['system', ['house', 'Stay in role.', { stable: true }], ['persona', '\n\nRobin is tall.', { owner: 'Robin' }]],
    ['user', ['message', 'Where is the lamp?']],
    ['system', ['lore-depth', 'The lamp is on the reef.', { owner: 'Island · Lamp' }]],
  ],
  {
    order: 'classic',
    exact: false,
    tokens: { prompt: 18, evaluated: 12, reused: 6 },
    dropped: [{ kind: 'history', tokens: 400, messages: 7 }],
    lore: {
      fired: [
        {
          bookId: 'b',
          bookName: 'Island',
          uid: '1',
          name: 'Lamp',
          position: 'at-depth',
          depth: 0,
          order: 100,
          reason: 'key',
          key: 'lamp',
          tokens: 6,
        },
      ],
      cut: [{ bookId: 'b', bookName: 'Island', uid: '2', name: '', order: 10, reason: 'probability', tokens: 9 }],
    },
  },
);

async function show(prompt: PromptRecord, others: readonly PromptRecord[] = []) {
  const replies = others.map(({ messageId }, index) => ({
    id: messageId,
    label: `Version ${index + 1} of this reply`,
  }));
  await renderPage(
    <InspectorContent messageId={prompt.messageId} replies={replies} />,
    [prompt, ...others].map((one) => [['prompt', one.messageId], one] as const),
  );
}
const text = () => screen.getByRole('region', { name: 'Text' });

describe('one prompt', () => {
  test('shows its exact text, each run with who put it there', async () => {
    await show(record);
    expect(within(text()).getByText('Stay in role.')).toBeTruthy();
    expect(within(text()).getByText('About you · Robin')).toBeTruthy();
    expect(within(text()).getByText('1 · system')).toBeTruthy();
    expect(within(text()).getByText('2 · user')).toBeTruthy();
    expect(within(text()).getByText('Lore among the messages · Island · Lamp')).toBeTruthy();
  });

  test('says how it was ordered, what that cost, and that it may not be exact', async () => {
    await show(record);
    expect(screen.getByText(/Classic order.*For this reply 12 tokens were read again\./)).toBeTruthy();
    expect(screen.getByText('6 kept ready, 12 read anew')).toBeTruthy();
    expect(within(text()).getByText(/About here: 6 tokens above were kept ready, 12 read anew/)).toBeTruthy();
    expect(screen.getByText(/may differ from what was sent/)).toBeTruthy();
  });

  test('says which lore fired and why, and what was left out and why', async () => {
    await show(record);
    expect(screen.getByText('Island · key: lamp · order 100')).toBeTruthy();
    expect(screen.getByText('Conversation, 7 messages')).toBeTruthy();
    expect(screen.getByText('no room')).toBeTruthy();
    expect(screen.getByText('Entry 2')).toBeTruthy();
    expect(screen.getByText('Island · the dice said no')).toBeTruthy();
  });

  test('narrows to the parts that are pressed', async () => {
    await show(record);
    const part = screen.getByRole('button', { name: /^Your message/ });
    fireEvent.click(part);
    expect(part.getAttribute('aria-pressed')).toBe('true');
    expect(within(text()).queryByText('Stay in role.')).toBeNull();
    expect(within(text()).getByText('Where is the lamp?')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Show all' }));
    expect(within(text()).getByText('Stay in role.')).toBeTruthy();
  });

  test('is searched, and the places are counted', async () => {
    await show(record);
    fireEvent.change(screen.getByRole('searchbox', { name: 'Search in the prompt' }), { target: { value: 'LAMP' } });
    expect(await screen.findByText('1 of 2')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Next place' }));
    expect(screen.getByText('2 of 2')).toBeTruthy();
    expect(within(text()).getAllByText('lamp', { selector: 'mark' })).toHaveLength(2);
  });

  test('of 100,000 characters keeps most of them out of the document', async () => {
    const long = Array.from({ length: 2500 }, (_, index) => `Line ${index} of the story goes on and on.`).join('\n');
    await show(somePrompt([['user', ['history', long]]]));
    expect(long.length).toBeGreaterThan(90_000);
    expect(text().textContent?.length ?? 0).toBeGreaterThan(1000);
    expect(text().textContent?.length ?? 0).toBeLessThan(60_000);
  });
});

describe('two prompts', () => {
  const other = {
    ...somePrompt([
      ['system', ['house', 'Stay in role.']],
      ['user', ['message', 'Where is the boat?']],
    ]),
    messageId: 'm1',
  };

  test('are compared line by line and part by part', async () => {
    await show(record, [other]);
    fireEvent.change(screen.getByRole('combobox', { name: 'Compare with' }), { target: { value: 'm1' } });
    const compared = await screen.findByRole('region', { name: 'Both prompts, line by line' });
    expect(within(compared).getByText('boat', { selector: 'mark' })).toBeTruthy();
    expect(within(compared).getByText('lamp', { selector: 'mark' })).toBeTruthy();
    expect(within(compared).getAllByText('Only in this reply:').length).toBeGreaterThan(1);
    expect(screen.getByText('Tokens: 7 → 18 (+11)')).toBeTruthy();
    const lore = screen.getByRole('row', { name: /Lore among the messages/, hidden: true });
    expect(within(lore).getByText('+6')).toBeTruthy();
  });

  test('that are the same say so', async () => {
    await show(record, [{ ...record, messageId: 'm1' }]);
    fireEvent.change(screen.getByRole('combobox', { name: 'Compare with' }), { target: { value: 'm1' } });
    expect(await screen.findByText('Both prompts are the same.')).toBeTruthy();
  });
});
