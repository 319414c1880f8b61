import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { InvalidInputError } from '../../base/errors.ts';
import type { FileSetDownloads } from './file-set-downloads.ts';
import { refuseFaultySets, setFileSchema } from './file-set.ts';

/** A model that turns texts into vectors. Its file `model` is a GGUF. */
export const embeddingEntrySchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  /** The one to take where nobody has a reason for another. */
  recommended: z.boolean(),
  label: z.string().min(1),
  /** SPDX identifier where there is one. */
  licence: z.string().min(1),
  /** ISO 639-1 of what it was made for; empty = any. */
  languages: z.array(z.string().regex(/^[a-z]{2}$/)),
  dimensions: z.int().positive().max(8192),
  /** Tokens of a text it reads, the marks around it included. */
  maxTokens: z.int().min(16).max(8192),
  /** Put before a text. */
  prefixes: z.strictObject({ query: z.string(), passage: z.string() }).default({ query: '', passage: '' }),
  files: z.array(setFileSchema).min(1),
});
export type EmbeddingEntry = z.infer<typeof embeddingEntrySchema>;

/** The embedding models of this computer. */
export type EmbeddingDownloads = FileSetDownloads<EmbeddingEntry>;

const embeddingCatalogSchema = z
  .strictObject({ version: z.literal(1), models: z.array(embeddingEntrySchema).min(1) })
  .superRefine(({ models }, context) =>
    refuseFaultySets(models, (index, message) =>
      context.addIssue({ code: 'custom', message, path: ['models', index] }),
    ),
  );

export interface EmbeddingCatalog {
  /** The better ones first: of those that are installed the first is used where nobody chose. */
  entries: readonly EmbeddingEntry[];
}

const SHIPPED_CATALOG = new URL('../../../assets/embedding-models.json', import.meta.url);

/** Reads and validates the catalog of embedding models that ships with the house. */
export async function loadEmbeddingCatalog(path: string | URL = SHIPPED_CATALOG): Promise<EmbeddingCatalog> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new InvalidInputError(`The catalog of embedding models ${String(path)} cannot be read.`, {
      code: 'catalog-unreadable',
      cause: error,
    });
  }
  return parseEmbeddingCatalog(value);
}

export function parseEmbeddingCatalog(value: unknown): EmbeddingCatalog {
  const parsed = embeddingCatalogSchema.safeParse(value);
  if (parsed.success) return { entries: parsed.data.models };
  throw new InvalidInputError(`The catalog of embedding models is not right: ${z.prettifyError(parsed.error)}`, {
    code: 'catalog-invalid',
    cause: parsed.error,
  });
}
