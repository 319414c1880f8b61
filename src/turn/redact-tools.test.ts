import { expect, test } from 'vitest';
import type { MemoryUse } from '../../contract/memory.ts';
import type { Forgotten } from '../memory/forgotten.ts';
import { REDACTED } from './redact-memory.ts';
import { redactToolText } from './redact-tools.ts';

const usedFact = (id: string, text: string): MemoryUse => ({
  kind: 'fact',
  id,
  text,
  conversationId: 'c',
  speaker: '',
  at: 0,
  score: 1,
  parts: { lexical: 0, neighbours: 0, session: 0, names: 0, time: 0, vector: 0 },
  words: [],
  tokens: 5,
  sources: [],
});
const used = [
  usedFact('f1', 'Ines is allergic to peanuts.'),
  usedFact('f2', 'Ines keeps bees.'),
  usedFact('f3', '林小姐对花生过敏。'),
];
const gone = (...ids: string[]): Forgotten => ({
  items: new Map(ids.map((id) => [id, [used.find((one) => one.id === id)!.text]])),
  messages: new Map(),
  conversationIds: new Set(),
});
const redact = (text: string, forgotten: Forgotten, isPart = true) =>
  redactToolText({ text, isPart }, { used, forgotten });
const call = (input: object) => JSON.stringify({ type: 'tool-call', toolCallId: 'a', toolName: 'ines_peanuts', input });

test('forgotten words leave the arguments of a call, also where a model worded them anew', () => {
  const note = call({ text: 'Buy bread. Ines is allergic to peanuts.', list: ['peanuts: Ines is allergic'] });
  expect(redact(note, gone('f1'))).toBe(call({ text: `Buy bread. ${REDACTED}`, list: [REDACTED] }));
  expect(redact(call({ 备注: '林小姐对花生过敏' }), gone('f3'))).toBe(call({ 备注: REDACTED }));
});

test('results and what was said beside them are redacted, others stay byte for byte', () => {
  const output = { type: 'text', value: 'Kept: Ines is allergic to peanuts.' };
  const result = JSON.stringify({ type: 'tool-result', toolCallId: 'a', toolName: 'keep', output });
  expect(redact(result, gone('f1'))).toContain(`Kept: ${REDACTED}`);
  expect(redact('So Ines is allergic to peanuts.', gone('f1'), false)).toBe(`So ${REDACTED}`);
  const other = `{ "type":"tool-call", "input":{"text":"Ines keeps bees."} }`;
  expect(redact(other, gone('f1'))).toBe(other);
  expect(redact(other, gone())).toBe(other);
});

test('what is no JSON is redacted as the text it is', () => {
  expect(redact('{"text":"Ines is allergic to peanuts.', gone('f1'))).not.toContain('peanuts');
});
