import { expect, test } from 'vitest';
import { withNames } from './with-names.ts';

test('names are put in as they are, and other macros stay', () => {
  const names = { char: '$& Mira', user: 'Leo' };
  expect(withNames('{{Char}} waves at <USER>; {{random:a,b}}', names)).toBe('$& Mira waves at Leo; {{random:a,b}}');
  expect(withNames('Hello {{user}}', { char: 'Mira', user: '' })).toBe('Hello {{user}}');
});
