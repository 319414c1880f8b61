import { expect, test } from 'vitest';
import { withoutLoops } from './without-loops.ts';

test.each([
  ['I see, I see, I', 'I see,'],
  ['Oh yes. Oh, yes.', 'Oh yes.'],
  ['no no no', 'no'],
  ['I see you see me', 'I see you see me'],
  ['Stop.', 'Stop.'],
  ['', ''],
])('%s', (heard, said) => {
  expect(withoutLoops(heard)).toBe(said);
});
