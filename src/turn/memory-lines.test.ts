import { expect, test } from 'vitest';
import type { Passage } from '../memory/recall-service.ts';
import type { RecalledFact, TurnRecall } from '../memory/turn-memory.ts';
import { memoryLines } from './memory-lines.ts';

const NOW = Date.UTC(2026, 10, 25, 12);
const DAY = 24 * 60 * 60 * 1000;

const passage = (id: string, text: string, { byHuman = true, ago = 3 } = {}): Passage => ({
  turn: {
    id,
    parentId: 'root',
    conversationId: 'c',
    depth: 4,
    speaker: byHuman ? 'Ines' : 'Mira',
    byHuman,
    text,
    at: NOW - ago * DAY,
  },
  neighbour: {
    id: `${id}-beside`,
    parentId: id,
    conversationId: 'c',
    depth: 5,
    speaker: byHuman ? 'Mira' : 'Ines',
    byHuman: !byHuman,
    text: 'Is that so?',
    at: NOW - ago * DAY,
  },
  score: 0.7,
  parts: { lexical: 0.7, neighbours: 0, session: 0, names: 0, time: 0, vector: 0 },
  words: ['cat'],
});

const fact = (id: string, text: string, more: Partial<RecalledFact> = {}): RecalledFact => ({
  id,
  about: 'user',
  text,
  saidAt: NOW - 200 * DAY,
  validFrom: null,
  validTo: null,
  certainty: 'certain',
  pinned: false,
  replacesId: null,
  replacedById: null,
  conversationId: 'c',
  sources: [{ conversationId: 'c', messageId: `${id}-source` }],
  score: 0.5,
  words: [],
  ...more,
});

const found = (more: Partial<TurnRecall>): TurnRecall => ({
  passages: [],
  facts: [],
  dates: [],
  pages: [],
  mode: 'lexical',
  reason: null,
  tookInMs: 1,
  ...more,
});

const context = { locale: 'en' as const, timeZone: 'Europe/Lisbon', now: NOW, isSmallModel: false };

test('a passage is quoted with its day, how long ago, its speaker and the turn beside it', () => {
  const [line] = memoryLines(found({ passages: [passage('m1', 'The cat is called Momo.')] }), context);
  expect(line).toMatchObject({
    section: 'memory',
    text: '- (November 22, 2026, 3 days ago) Ines: “The cat is called Momo.” Mira: “Is that so?”',
    use: { kind: 'passage', id: 'm1', sources: [{ messageId: 'm1' }, { messageId: 'm1-beside' }] },
  });
});

test('a long message is told around what was found', () => {
  const text = `${'The harbour was grey. '.repeat(60)}Only the cat kept watch.${' And so on and on it went.'.repeat(60)}`;
  const [line] = memoryLines(found({ passages: [passage('m1', text)] }), context);
  expect(line?.text).toContain('Only the cat kept watch.');
  expect(line?.text.length).toBeLessThan(450);
});

test('pinned facts come first; what was only claimed, or was true until then, says so', () => {
  const lines = memoryLines(
    found({
      passages: [passage('m1', 'The cat is called Momo.')],
      facts: [
        fact('f1', 'Ines owns a mill.', { certainty: 'claimed' }),
        fact('f2', 'Ines lives in Lyon.', { replacedById: 'f4', validTo: Date.UTC(2026, 4, 1, 12) }),
        fact('f3', 'Ines is allergic to walnuts.', { pinned: true }),
      ],
    }),
    context,
  );
  expect(lines.map(({ use }) => use.id)).toEqual(['f3', 'f1', 'm1', 'f2']);
  expect(lines[1]?.text).toBe('- It was claimed: Ines owns a mill. (May 9, 2026, 7 months ago)');
  expect(lines[3]?.text).toContain('Ines lives in Lyon. (until May 1, 2026)');
});

test('a starter gets little, and only in the language of the talk and the person’s own words', () => {
  const all = found({
    passages: [
      passage('m1', 'I see, the cat.', { byHuman: false }),
      passage('m2', '我的猫叫小满。'),
      passage('m3', 'The cat is called Momo.'),
    ],
    facts: [fact('f1', '林夕：我对花生过敏。'), fact('f2', 'Ines: I am allergic to walnuts.')],
  });
  const english = memoryLines(all, { ...context, isSmallModel: true });
  expect(english.map(({ use }) => use.id)).toEqual(['f2', 'm3']);
  expect(english[1]?.text).not.toContain('Is that so?');
  const chinese = memoryLines(all, { ...context, locale: 'zh-CN', isSmallModel: true });
  expect(chinese.map(({ use }) => use.id)).toEqual(['f1', 'm2']);
});
