import { expect, test } from 'vitest';
import type { Actor } from '../../../accounts/actor.ts';
import { RateMeter } from './rate-meter.ts';

let now = 0;
const clock = { now: () => now, monotonic: () => now };
const rates = { key: { requests: 60, tokens: 600 }, person: { requests: 90, tokens: 6000 } };

function actor(keyId: string | null, requestsPerMinute: number | null = null): Actor {
  const key = { id: keyId ?? '', teamId: null, models: null, requestsPerMinute, tokensPerMinute: null };
  return { userId: 'u', role: 'owner', via: 'key', scopes: ['models'], sessionId: null, ...(keyId && { key }) };
}

test('a key has its minute, and its person theirs over all keys', () => {
  const meter = new RateMeter({ clock, rates });
  for (let call = 0; call < 60; call += 1) meter.admit(actor('a'));
  expect(() => meter.admit(actor('a'))).toThrow(
    expect.objectContaining({ code: 'rate-limited', retryAfterInSeconds: 1 }),
  );
  for (let call = 0; call < 30; call += 1) meter.admit(actor('b'));
  expect(() => meter.admit(actor('b'))).toThrow(/90 requests per minute/);
  now += 1000;
  expect(meter.admit(actor('a')).requests).toMatchObject({ limit: 60, remaining: 0 });
  expect(() => meter.admit(actor('a'))).toThrow(/requests per minute/);
});

test('tokens that were used beyond the limit make the next one wait, and it is said which limit it was', () => {
  const meter = new RateMeter({ clock, rates });
  meter.admit(actor('a'));
  meter.spend({ userId: 'u', keyId: 'a', teamId: null }, 1200);
  expect(() => meter.admit(actor('a'))).toThrow(
    expect.objectContaining({ retryAfterInSeconds: 61, details: { limit: 'tokens' } }),
  );
  meter.admit(actor('b'));
  now += 61_000;
  meter.admit(actor('a'));
});

test('a limit that was changed holds at once', () => {
  const meter = new RateMeter({ clock, rates });
  meter.admit(actor('a', 10));
  expect(meter.admit(actor('a', 2)).requests).toMatchObject({ limit: 2, remaining: 0 });
  expect(() => meter.admit(actor('a', 2))).toThrow(/requests per minute/);
  expect(meter.admit(actor('a', 20)).requests).toMatchObject({ limit: 20, remaining: 17 });
});
