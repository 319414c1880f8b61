import { expect, test } from 'vitest';
import { addressHint } from './address-hint.ts';

test.each([
  ['/v1/v1/chat/completions', 'twice'],
  ['/chat/completions', 'end the base URL of your client in /v1'],
  ['/responses/resp_1/cancel', 'end the base URL of your client in /v1'],
  ['/v1/completions', '/v1/chat/completions'],
  ['/v1/threads/t/runs', '/v1/responses'],
  ['/v1/fine_tuning/jobs', 'not trained'],
])('%s: %s', (path, words) => {
  expect(addressHint(path)).toContain(words);
});

test.each(['/v1/chat/completionsx', '/api/nothing', '/v1', '/files-of-mine'])('nothing is made up for %s', (path) => {
  expect(addressHint(path)).toBe('');
});
