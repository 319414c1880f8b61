import { expect, test } from 'vitest';
import { processorTimeInMs } from '../../../tests/support/processor-time.ts';
import { rankTurns } from './rank-turns.ts';
import type { RankOptions } from './rank-turns.ts';
import { TurnIndex } from './turn-index.ts';

const DAY = 24 * 60 * 60 * 1000;
const MAY = Date.UTC(2026, 4, 4, 18);

/** One line a turn, `Name: words`; a blank line is a pause of a day. Ids count from 1. */
function talk(script: string): { index: TurnIndex; ids: string[] } {
  const index = new TurnIndex();
  const ids: string[] = [];
  let at = MAY;
  for (const line of script.trim().split('\n')) {
    if (line.trim() === '') at += DAY;
    const [, speaker, text] = /^\s*(\S+): (.+)$/.exec(line) ?? [];
    if (!speaker || !text) continue;
    at += 60_000;
    const id = String(ids.length + 1);
    index.put({
      id,
      parentId: ids.at(-1) ?? null,
      conversationId: 'c',
      depth: ids.length,
      speaker,
      byHuman: speaker === 'Ada',
      text,
      at,
    });
    ids.push(id);
  }
  return { index, ids };
}

function ask({ index, ids }: { index: TurnIndex; ids: string[] }, text: string, rest: Partial<RankOptions> = {}) {
  return rankTurns(index, {
    view: index.view([ids]),
    query: { texts: [{ text, speaker: 'Ada', weight: 1 }], now: MAY + 30 * DAY, timeZone: 'UTC', names: ['Ada', 'Bo'] },
    exclude: new Set(),
    vectors: null,
    limit: 10,
    ...rest,
  });
}

test('a turn is found by its words, and says which', () => {
  const found = ask(
    talk('Ada: The kiln cracked.\nBo: I am sorry.\n\nAda: 我在中国科学院上班。'),
    'what about that cracked kiln',
  );
  expect(found[0]).toMatchObject({ id: '1', words: ['cracked', 'kiln'] });
  const { parts, score } = found[0]!;
  expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(score, 9);
  expect(ask(talk('Ada: 我在中国科学院上班。'), '科学院的事')[0]).toMatchObject({ id: '1', words: ['科学院'] });
});

test('an answer is found beside its question', () => {
  const found = ask(
    talk('Bo: What is your sister called?\nAda: Ruth.\n\nBo: Good morning.\nAda: Morning.'),
    'my sister, what is she called',
  );
  expect(
    found
      .slice(0, 2)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(['1', '2']);
  expect(found.find(({ id }) => id === '2')!.parts).toMatchObject({ lexical: 0 });
  expect(found.find(({ id }) => id === '2')!.parts.neighbours).toBeGreaterThan(0);
});

test('turns of whom the question names, or means, come first', () => {
  const both = talk('Ada: I like plums most.\n\nBo: I like plums most.');
  expect(ask(both, 'Does Bo like plums?')[0]!.id).toBe('2');
  expect(ask(both, 'Do I like plums?')[0]!.id).toBe('1');
  expect(ask(both, 'Do you like plums?')[0]!.id).toBe('2');
});

test('a time that the question names finds what was said then and what tells of then', () => {
  const week = talk('Ada: We repaired the boat.\n\nAda: We painted the boat.\n\nAda: We launched the boat.');
  expect(ask(week, 'What did we do to the boat on 5 May 2026?')[0]!.id).toBe('2');
  const told = talk('Ada: We saw the boat yesterday.\n\nAda: We saw the boat.\n\nAda: We saw the boat again.');
  expect(ask(told, 'Did we see the boat on 3 May 2026?')[0]).toMatchObject({ id: '1' });
  expect(ask(week, 'Anything from 6 May 2026?').map(({ id }) => id)).toEqual(['3']);
});

test('what is in the window is left out, and what was said twice comes once', () => {
  const twice = talk(
    'Ada: The heron stood on the lock gate this morning.\n\nAda: The heron stood on the lock gate this morning!\n\nBo: A heron?',
  );
  expect(ask(twice, 'heron').map(({ id }) => id)).toEqual(['2', '3']);
  expect(ask(twice, 'heron', { exclude: new Set(['1', '2']) }).map(({ id }) => id)).toEqual(['3']);
  expect(ask(twice, 'heron', { limit: 1 })).toHaveLength(1);
  expect(ask(twice, 'heron', { limit: 0 })).toEqual([]);
});

test('vectors find what shares no word, and only what the view sees', () => {
  const { index, ids } = talk('Ada: My physician retired.\nBo: Tea?\n\nAda: The boat leaks.');
  const vectors = new Map([
    ['1', 0.7],
    ['2', 0.1],
    ['3', 0.05],
    ['9', 0.99],
  ]);
  const found = ask({ index, ids }, 'Who was that doctor?', { vectors });
  expect(found[0]).toMatchObject({ id: '1', words: [] });
  expect(found[0]!.parts.vector).toBeGreaterThan(0);
  expect(ask({ index, ids: ['2', '3'] }, 'Who was that doctor?', { vectors }).map(({ id }) => id)).not.toContain('1');
});

test('nothing asked, nothing there and hostile questions are answered quietly', async () => {
  expect(ask(talk('Ada: Hello.'), '')).toEqual([]);
  expect(ask({ index: new TurnIndex(), ids: [] }, 'anything')).toEqual([]);
  const spentInMs = await processorTimeInMs(() => {
    expect(ask(talk('Ada: A kettle.'), 'kettle '.repeat(200_000))[0]!.id).toBe('1');
    expect(ask(talk('Ada: A kettle.'), '(('.repeat(100_000))).toEqual([]);
  });
  expect(spentInMs).toBeLessThan(3000);
});
