import { expect, test } from 'vitest';
import { loreSettingsSchema } from '../../contract/lore.ts';
import { bookOf } from './conformance/lore-case.ts';
import { neededMessages } from './needed-messages.ts';

const settings = (more: object = {}) => loreSettingsSchema.parse(more);

test('no book needs no message', () => {
  expect(neededMessages([], settings())).toBe(0);
});

test('the deepest entry decides, and 1000 is the limit of mode st', () => {
  expect(neededMessages([bookOf('st', [{ scanDepth: 7 }, { scanDepth: 90, enabled: false }])], settings())).toBe(7);
  expect(neededMessages([bookOf('st', [{ scanDepth: 5000 }])], settings())).toBe(1000);
  expect(neededMessages([bookOf('st', [{}])], settings({ world_info_depth: 4 }))).toBe(4);
});

test('minimum activations look as deep as their own limit', () => {
  expect(neededMessages([bookOf('st', [{}])], settings({ world_info_min_activations: 1 }))).toBe(1000);
  const limited = settings({ world_info_min_activations: 1, world_info_min_activations_depth_max: 10 });
  expect(neededMessages([bookOf('st', [{}])], limited)).toBe(11);
});

test('mode spec: decorator, then entry, then book, then settings', () => {
  const book = bookOf('spec', [{ content: '@@scan_depth 30\nX' }, { scanDepth: 3 }, {}], { body: { scanDepth: 12 } });
  expect(neededMessages([book], settings())).toBe(30);
  expect(neededMessages([bookOf('spec', [{}], { body: { scanDepth: 12 } })], settings())).toBe(12);
  expect(neededMessages([bookOf('spec', [{}])], settings())).toBe(2);
});
