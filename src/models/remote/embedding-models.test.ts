import { expect, test } from 'vitest';
import { embeddingPrefixes, isEmbeddingModel } from './embedding-models.ts';

test.each([
  'text-embedding-3-small',
  'nomic-embed-text:latest',
  'mxbai-embed-large',
  'bge-m3',
  'BAAI/bge-large-zh',
  'intfloat/multilingual-e5-small',
  'snowflake-arctic-embed2',
  'all-minilm:l6-v2',
  'gemini-embedding-001',
  'Qwen/Qwen3-Embedding-0.6B',
])('%s embeds', (name) => expect(isEmbeddingModel(name)).toBe(true));

test.each([
  'gpt-5',
  'qwen3:8b',
  'bge-reranker-v2-m3',
  'Qwen3-Reranker-0.6B',
  'gemma3:4b',
  'MiniMax-M2',
  'deepseek-chat',
  'mistral-large',
])('%s does not', (name) => expect(isEmbeddingModel(name)).toBe(false));

test('what a model wants before a text', () => {
  expect(embeddingPrefixes('intfloat/multilingual-e5-small').query).toBe('query: ');
  expect(embeddingPrefixes('nomic-embed-text').passage).toBe('search_document: ');
  expect(embeddingPrefixes('text-embedding-3-small')).toEqual({ query: '', passage: '' });
});
