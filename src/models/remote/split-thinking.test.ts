import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createThinkingSplitter } from './split-thinking.ts';

function split(deltas: readonly string[]) {
  const splitter = createThinkingSplitter();
  const parts: LanguageModelV4StreamPart[] = [
    { type: 'text-start', id: 't' },
    ...deltas.map((delta) => ({ type: 'text-delta' as const, id: 't', delta })),
    { type: 'text-end', id: 't' },
  ];
  const out = parts.flatMap((part) => splitter(part));
  const join = (type: LanguageModelV4StreamPart['type']) =>
    out.map((part) => (part.type === type && 'delta' in part ? part.delta : '')).join('');
  return { text: join('text-delta'), reasoning: join('reasoning-delta'), types: out.map((part) => part.type) };
}

/** The same text cut at any places. */
const cut = (text: string) =>
  fc.array(fc.nat(text.length), { maxLength: 8 }).map((places) => {
    const at = [0, ...places.toSorted((a, b) => a - b), text.length];
    return at.slice(1).map((end, index) => text.slice(at[index], end));
  });

test('wherever the pieces are cut, thinking and answer come apart', () => {
  fc.assert(
    fc.property(cut('\n<think>Is <b>this</th> it?</think>\n\nYes, </think> it is.'), (deltas) => {
      const { text, reasoning } = split(deltas);
      expect(reasoning).toBe('Is <b>this</th> it?');
      expect(text).toBe('Yes, </think> it is.');
    }),
  );
});

test('an answer without thinking stays as it is, wherever it is cut', () => {
  const answer = ' <thinking of you> Hello <think>no</think>';
  fc.assert(
    fc.property(cut(answer), (deltas) => {
      expect(split(deltas).text).toBe(answer);
    }),
  );
  expect(split(['<thi']).text).toBe('<thi');
});

test('a thought that never ends is closed', () => {
  const { reasoning, text, types } = split(['<think>and then</thi']);
  expect({ reasoning, text }).toEqual({ reasoning: 'and then</thi', text: '' });
  expect(types).toEqual([
    'text-start',
    'reasoning-start',
    'reasoning-delta',
    'reasoning-delta',
    'reasoning-end',
    'text-end',
  ]);
});
