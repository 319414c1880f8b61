import type { ProviderKind } from '../../../contract/models.ts';

const EMBEDS =
  /embed|(?:^|[/_-])(?:bge|e5|gte|m3e|sbert)(?:[._-]|$)|multilingual-e5|minilm|mxbai|arctic-embed|paraphrase-multilingual/iu;
const RANKS = /rerank|cross-encoder/iu;

/** Whether a model of that name turns texts into vectors, and is none to talk with. */
export function isEmbeddingModel(model: string): boolean {
  return EMBEDS.test(model) && !RANKS.test(model);
}

interface KindFacts {
  /** Offered where the owner named none (the kinds' own documentation, 2026). */
  usual: readonly string[];
  /** What is offered depends on the server: its list is asked for. */
  lists: boolean;
  /** Tokens of a text that are sent: what the usual models read, or what every model reads. */
  maxTokens: number;
}

/** Kinds of providers that embed texts. */
const KINDS: Partial<Record<ProviderKind, KindFacts>> = {
  openai: { usual: ['text-embedding-3-small', 'text-embedding-3-large'], lists: false, maxTokens: 8191 },
  google: { usual: ['gemini-embedding-001'], lists: false, maxTokens: 2048 },
  ollama: { usual: [], lists: true, maxTokens: 512 },
  'openai-compatible': { usual: [], lists: true, maxTokens: 512 },
};

/** Null for a kind of provider that embeds nothing. */
export function embeddingFacts(kind: ProviderKind): KindFacts | null {
  return KINDS[kind] ?? null;
}

/** What a model was trained to find before a text (their model cards). */
export function embeddingPrefixes(model: string): { query: string; passage: string } {
  if (/e5/iu.test(model) && !/instruct/iu.test(model)) return { query: 'query: ', passage: 'passage: ' };
  if (/nomic-embed/iu.test(model)) return { query: 'search_query: ', passage: 'search_document: ' };
  return { query: '', passage: '' };
}
