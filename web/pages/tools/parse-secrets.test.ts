import { expect, test } from 'vitest';
import { parseSecrets } from './parse-secrets.ts';

test('a name with a value is new, a name alone keeps what is sealed, anything else is told', () => {
  expect(parseSecrets('API_KEY=a=b \n\nOLD\nAuthorization=Bearer x y')).toEqual({
    secrets: { API_KEY: 'a=b', OLD: null, Authorization: 'Bearer x y' },
    badLine: null,
  });
  expect(parseSecrets('=x').badLine).toBe('=x');
  expect(parseSecrets('two words=x').badLine).toBe('two words=x');
});
