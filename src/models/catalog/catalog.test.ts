import { describe, expect, test } from 'vitest';
import { loadCatalog, parseCatalog } from './catalog.ts';

describe('the catalog that ships', () => {
  test('is valid and names sources, hash and licence of every model', async () => {
    const { entries } = await loadCatalog();
    expect(entries.length).toBeGreaterThanOrEqual(8);
    expect(new Set(entries.map((entry) => entry.sha256)).size).toBe(entries.length);
    const starters = entries.filter((entry) => entry.use === 'starter');
    expect(starters.every((entry) => entry.sizeBytes <= 600_000_000)).toBe(true);
    for (const language of ['en', 'zh']) {
      expect(starters.some((entry) => entry.languages.includes(language))).toBe(true);
    }
  });

  test('reaches one starter without a hub and marks it as a fallback', async () => {
    const { entries } = await loadCatalog();
    const reachable = entries.filter(
      (entry) => entry.use === 'starter' && entry.sources.some((source) => source.kind === 'python-package'),
    );
    expect(reachable.map((entry) => [entry.id, entry.fallback])).toEqual([['qwen2.5-coder-0.5b', true]]);
  });

  test('keeps every model from looping', async () => {
    const { entries } = await loadCatalog();
    for (const { sampling } of entries) {
      expect(sampling.minP).toBeGreaterThan(0);
      expect(sampling.repeatPenalty).toBeGreaterThan(1);
      expect(sampling.dry?.multiplier).toBeGreaterThan(0);
    }
  });
});

test('a catalog that is not right is refused by the name of the field', async () => {
  const { entries } = await loadCatalog();
  const [first] = entries;
  expect(() => parseCatalog({ version: 1, models: [{ ...first, sha256: 'abc' }] })).toThrow(/sha256/);
  expect(() => parseCatalog({ version: 1, models: [first, first] })).toThrow(/occurs twice/);
  const sources = [{ kind: 'python-package', parts: [{ package: '--index-url=x', version: '1', member: 'a' }] }];
  expect(() => parseCatalog({ version: 1, models: [{ ...first, sources }] })).toThrow(/package/);
});
