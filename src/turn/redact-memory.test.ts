import { describe, expect, test } from 'vitest';
import type { MemoryUse } from '../../contract/memory.ts';
import type { Forgotten } from '../memory/forgotten.ts';
import { redactSegment, redactUses, REDACTED } from './redact-memory.ts';

const use = (more: Partial<MemoryUse> & Pick<MemoryUse, 'kind' | 'id' | 'text'>): MemoryUse => ({
  conversationId: 'c',
  speaker: '',
  at: 0,
  score: 1,
  parts: { lexical: 0, neighbours: 0, session: 0, names: 0, time: 0, vector: 0 },
  words: ['word'],
  tokens: 5,
  sources: [],
  ...more,
});
const forgotten = (more: Partial<Forgotten>): Forgotten => ({
  items: new Map(),
  messages: new Map(),
  conversationIds: new Set(),
  ...more,
});

describe('what was forgotten leaves a prompt', () => {
  const facts = [
    use({ kind: 'fact', id: 'f1', text: 'Ines lives in Porto.' }),
    use({ kind: 'fact', id: 'f2', text: 'Ines keeps bees.' }),
  ];
  const text = 'What you know:\n- Ines lives in Porto. (1 May, today)\n- Ines keeps bees. (1 May, today)';

  test('a fact, and nothing beside it', () => {
    const gone = forgotten({ items: new Map([['f1', ['Ines lives in Porto.']]]) });
    expect(redactSegment({ kind: 'memory-facts', text }, { used: facts, forgotten: gone })).toBe(
      `What you know:\n- ${REDACTED}\n- Ines keeps bees. (1 May, today)`,
    );
    expect(redactSegment({ kind: 'memory', text }, { used: facts, forgotten: gone })).toBe(text);
    expect(redactUses(facts, gone)).toEqual([{ ...facts[0], text: '', words: [], forgotten: true }, facts[1]]);
  });

  test('a long one of which the receipt knows the beginning only', () => {
    const long = `Ines ${'really '.repeat(60)}hates lemons.`;
    const used = [use({ kind: 'fact', id: 'f1', text: `${long.slice(0, 299)}…` }), facts[1]!];
    const told = `What you know:\n- ${long} (today)\n- Ines keeps bees. (today)`;
    const left = redactSegment(
      { kind: 'memory-facts', text: told },
      { used, forgotten: forgotten({ items: new Map([['f1', []]]) }) },
    );
    expect(left).toBe(`What you know:\n- ${REDACTED}\n- Ines keeps bees. (today)`);
  });

  test('a fact of several lines takes all with it rather than leave one', () => {
    const used = [use({ kind: 'fact', id: 'f1', text: 'One\n- two secret' }), facts[1]!];
    const told = 'What you know:\n- One\n- two secret (today)\n- Ines keeps bees. (today)';
    const gone = forgotten({ items: new Map([['f1', []]]) });
    expect(redactSegment({ kind: 'memory-facts', text: told }, { used, forgotten: gone })).toBe(
      `What you know:\n- ${REDACTED}`,
    );
  });

  test('a message where it was found, and where it stood beside what was found', () => {
    const used = [
      use({ kind: 'passage', id: 'm1', text: 'My code is 7719.', sources: [{ conversationId: 'c', messageId: 'm1' }] }),
      use({
        kind: 'passage',
        id: 'm3',
        text: 'I will not tell.',
        sources: ['m3', 'm1'].map((messageId) => ({ conversationId: 'c', messageId })),
      }),
    ];
    const told =
      'Said earlier:\n- (today) Ann: “My code is 7719.” Mira: “Good.”\n- (today) Ann: “My code is 7719.” Mira: “I will not tell.”';
    const gone = forgotten({ messages: new Map([['m1', 'My  code\nis 7719.']]) });
    const left = redactSegment({ kind: 'memory', text: told }, { used, forgotten: gone });
    expect(left).not.toContain('7719');
    expect(redactUses(used, gone)?.map((one) => one.text)).toEqual(['', 'I will not tell.']);
  });

  test('beside what was found, the rest of the line stays', () => {
    const used = [
      use({
        kind: 'passage',
        id: 'm3',
        text: 'I will not tell.',
        sources: ['m3', 'm1'].map((messageId) => ({ conversationId: 'c', messageId })),
      }),
    ];
    const told = 'Said earlier:\n- (today) Ann: “My code is 7719.” Mira: “I will not tell.”';
    const gone = forgotten({ messages: new Map([['m1', 'My code is 7719.']]) });
    expect(redactSegment({ kind: 'memory', text: told }, { used, forgotten: gone })).toBe(
      `Said earlier:\n- (today) Ann: “${REDACTED}” Mira: “I will not tell.”`,
    );
  });

  test('a summary whole, and everything of a conversation that is gone', () => {
    const used = [
      use({ kind: 'summary', id: 's1', text: 'They met.' }),
      use({ kind: 'fact', id: 'f9', text: 'Unsaid', conversationId: null }),
    ];
    const gone = forgotten({ conversationIds: new Set(['c']) });
    expect(redactSegment({ kind: 'memory-summary', text: 'Before:\nThey met.' }, { used, forgotten: gone })).toBe(
      `Before:\n- ${REDACTED}`,
    );
    expect(redactUses(used, gone)?.map((one) => one.forgotten)).toEqual([true, undefined]);
    expect(redactUses(used, forgotten({}))).toBeUndefined();
  });
});
