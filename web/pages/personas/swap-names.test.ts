import { expect, test } from 'vitest';
import { namesSides, swapNames } from './swap-names.ts';

test('the two sides change places, whatever their spelling', () => {
  expect(swapNames('{{char}} owes {{user}} money. <BOT> and <USER>, {{ Char }}.')).toBe(
    '{{user}} owes {{char}} money. {{user}} and {{char}}, {{user}}.',
  );
  expect(swapNames('{{charm}} and {{users}} stay.')).toBe('{{charm}} and {{users}} stay.');
});

test('only a text that names a side asks for a decision', () => {
  expect(namesSides('Tall and kind.')).toBe(false);
  expect(namesSides('Kind to <user>.')).toBe(true);
});
