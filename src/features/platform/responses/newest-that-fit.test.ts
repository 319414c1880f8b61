import { expect, test } from 'vitest';
import type { StoredItem } from '../../../../contract/openai/response-items.ts';
import { newestThatFit } from './newest-that-fit.ts';

const items: StoredItem[] = [
  { id: '1', type: 'message', role: 'user' },
  { id: '2', type: 'function_call' },
  { id: '3', type: 'function_call_output' },
  { id: '4', type: 'message', role: 'assistant' },
  { id: '5', type: 'message', role: 'user' },
  { id: '6', type: 'message', role: 'assistant' },
];
const fit = (room: number) => newestThatFit(items, { counts: items.map(() => 2), room }).map(({ id }) => id);

test('the newest stay, from words of a person on', () => {
  expect(fit(60)).toEqual(['1', '2', '3', '4', '5', '6']);
  expect(fit(59)).toEqual(['5', '6']);
  expect(fit(20)).toEqual(['5', '6']);
  expect(fit(19)).toEqual([]);
});
