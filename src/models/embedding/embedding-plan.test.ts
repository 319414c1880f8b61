import { describe, expect, test } from 'vitest';
import type { GgufHeader, GgufValue } from '../llama/gguf-header.ts';
import { planEmbedding } from './embedding-plan.ts';

const whole: Record<string, GgufValue> = {
  'general.architecture': 'bert',
  'bert.block_count': 6,
  'bert.context_length': 512,
  'bert.embedding_length': 384,
  'bert.feed_forward_length': 1536,
  'bert.attention.head_count': 12,
  'bert.attention.layer_norm_epsilon': 1e-12,
  'bert.pooling_type': 1,
  'tokenizer.ggml.tokens': { skipped: true, length: 30_000 },
};

function plan(metadata: Record<string, GgufValue>, maxTokens = 256) {
  const header: GgufHeader = {
    version: 3,
    metadata: new Map(Object.entries(metadata)),
    tensors: [],
    expectedBytes: 1,
    fileBytes: 1,
  };
  return planEmbedding({ header, dimensions: 384, maxTokens });
}

describe('the plan of an embedding model', () => {
  test('reads what it was made for, and never comes near the end of its context', () => {
    expect(plan(whole)).toMatchObject({ contextSize: 259, readTokens: 256, dimensions: 384 });
    expect(plan(whole, 512)).toMatchObject({ contextSize: 512, readTokens: 509, dimensions: 384 });
    expect(plan(whole, 8192)).toMatchObject({ contextSize: 512, readTokens: 509, dimensions: 384 });
  });

  test.each([
    'bert.block_count',
    'bert.context_length',
    'bert.feed_forward_length',
    'bert.attention.head_count',
    'bert.attention.layer_norm_epsilon',
    'bert.pooling_type',
    'tokenizer.ggml.tokens',
  ])('a file without %s is refused before it is loaded', (key) => {
    const { [key]: _left, ...rest } = whole;
    expect(() => plan(rest)).toThrow(/damaged/);
  });

  test('the memory it takes grows with its vocabulary and the text it reads', () => {
    const big = { ...whole, 'tokenizer.ggml.tokens': { skipped: true as const, length: 250_000 } };
    expect(plan(whole).memoryBytes).toBeLessThan(300e6);
    expect(plan(big).memoryBytes).toBeGreaterThan(800e6);
    expect(plan(big, 512).memoryBytes - plan(big).memoryBytes).toBe((509 - 256) * 4 * 250_000);
  });

  test('a file of another kind or another width is refused', () => {
    expect(() => plan({ ...whole, 'general.architecture': 'llama' })).toThrow(/“llama”/);
    expect(() => plan({ ...whole, 'bert.embedding_length': 768 })).toThrow(/384 dimensions/);
    expect(() => plan({ ...whole, 'bert.context_length': 8 })).toThrow(/only 8 tokens/);
  });
});
