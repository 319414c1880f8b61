import { expect, test } from 'vitest';
import { embeddingScriptSchema } from './embedding-script.ts';
import { createScriptedEmbedding } from './scripted-embedding.ts';

const signal = new AbortController().signal;

async function cosine(one: string, other: string, script: object = {}): Promise<number> {
  const handle = createScriptedEmbedding(embeddingScriptSchema.parse(script));
  const [a, b] = await handle.embed([one, other], { kind: 'passage', signal });
  return a!.reduce((sum, value, index) => sum + value * b![index]!, 0);
}

test('texts with the same words are one, with other words at right angles, empty ones zero', async () => {
  expect(await cosine('The grey cat', 'the GREY cat!')).toBeCloseTo(1);
  expect(await cosine('The grey cat', 'stormy weather')).toBeCloseTo(0);
  expect(await cosine('她养了猫', '猫很可爱')).toBeGreaterThan(0);
  expect(await cosine('', 'anything')).toBe(0);
});

test('synonyms make words one across languages, and only whole words', async () => {
  const script = { synonyms: [['cat', '猫', 'kitty cat']] };
  expect(await cosine('cat', '猫', script)).toBeCloseTo(1);
  expect(await cosine('a kitty cat', 'a cat', script)).toBeCloseTo(1);
  expect(await cosine('catalogue', 'cat', script)).toBeCloseTo(0);
});

test('fails as often as it is told', async () => {
  const script = embeddingScriptSchema.parse({ failures: [{ contains: 'bad', times: 1 }] });
  const handle = createScriptedEmbedding(script);
  const embed = (text: string) => handle.embed([text], { kind: 'query', signal });
  await expect(embed('good')).resolves.toHaveLength(1);
  await expect(embed('bad')).rejects.toMatchObject({ code: 'engine-lost', retryable: true });
  await expect(embed('bad')).resolves.toHaveLength(1);
});
