import { expect, test } from 'vitest';
import { retryAfterSeconds } from './provider-errors.ts';
import { providerBaseUrl, type RemoteProvider } from './provider-kinds.ts';

const at = (baseUrl: string | null, kind: RemoteProvider['kind'] = 'openai-compatible') =>
  providerBaseUrl({ id: 'p', kind, baseUrl });

test.each([
  ['http://192.168.1.5:8000', 'http://192.168.1.5:8000/v1'],
  ['http://192.168.1.5:8000/', 'http://192.168.1.5:8000/v1'],
  ['https://x.example/v1/', 'https://x.example/v1'],
  ['https://x.example/api/v1/chat/completions', 'https://x.example/api/v1'],
  ['https://x.example/openai', 'https://x.example/openai'],
])('the address %s means %s', (given, meant) => {
  expect(at(given)).toBe(meant);
});

test('a kind knows its own address; a server of unknown kind must be told', () => {
  expect(at(null, 'minimax')).toBe('https://api.minimax.io/v1');
  expect(at('http://nas:11434', 'ollama')).toBe('http://nas:11434/v1');
  expect(() => at(null)).toThrow(/Enter the address/);
  expect(() => at('ftp://x')).toThrow(/not an http/);
});

test('retry-after is read in seconds, as a date and in milliseconds', () => {
  const now = Date.UTC(2026, 0, 1, 0, 0, 0);
  expect(retryAfterSeconds({ 'retry-after': '7' }, now)).toBe(7);
  expect(retryAfterSeconds({ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, now)).toBe(30);
  expect(retryAfterSeconds({ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, now)).toBe(0);
  expect(retryAfterSeconds({ 'retry-after-ms': '1500', 'retry-after': '9' }, now)).toBe(2);
  expect(retryAfterSeconds({ 'retry-after': 'soon' }, now)).toBeUndefined();
  expect(retryAfterSeconds({}, now)).toBeUndefined();
});
