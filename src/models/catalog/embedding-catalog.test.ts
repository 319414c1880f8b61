import { expect, test } from 'vitest';
import { loadEmbeddingCatalog, parseEmbeddingCatalog } from './embedding-catalog.ts';

test('the catalog that ships is right: each model is one GGUF, one is recommended, Chinese and packages are served', async () => {
  const { entries } = await loadEmbeddingCatalog();
  for (const { files } of entries) expect(files[0]).toMatchObject({ name: 'model', extension: 'gguf' });
  expect(entries.filter(({ recommended }) => recommended).map(({ id }) => id)).toEqual(['multilingual-e5-small']);
  expect(entries.filter(({ languages }) => languages.includes('zh')).length).toBeGreaterThan(0);
  const kinds = entries.map(({ files }) => files.flatMap(({ sources }) => sources.map(({ kind }) => kind)));
  expect(kinds.some((one) => one.includes('python-package'))).toBe(true);
});

test('a catalog with a fault says where', () => {
  const model = {
    id: 'one',
    recommended: true,
    label: 'One',
    licence: 'MIT',
    languages: ['english'],
    dimensions: 384,
    maxTokens: 512,
    files: [],
  };
  expect(() => parseEmbeddingCatalog({ version: 1, models: [model] })).toThrow(/languages/);
});
