import { z } from 'zod';
import { backupTableNames, type BackupTable } from './backup-tables.ts';

export const BACKUP_VERSION = 1;
export const MANIFEST_PATH = 'manifest.json';
export const SECRET_KEY_PATH = 'secret.key';
/** A hundred thousand pictures make a manifest of 15 MB. */
export const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

const tables = backupTableNames.join('|');
/** Nothing else may lie in an archive: no path can lead anywhere. */
const pathSchema = z.string().regex(new RegExp(`^(?:secret\\.key|tables/(?:${tables})\\.jsonl|blobs/[0-9a-f]{64})$`));
const partSchema = z.strictObject({
  path: pathSchema,
  /** Bytes. */
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type BackupPart = z.infer<typeof partSchema>;

export const manifestSchema = z
  .strictObject({
    format: z.literal('everwith-backup'),
    version: z.literal(BACKUP_VERSION),
    /** Version of the house that wrote it. */
    everwith: z.string().max(100),
    createdAt: z.int().nonnegative(),
    dialect: z.enum(['sqlite', 'postgres']),
    /** Those the data had been through, in order. */
    migrations: z.array(z.string().max(200)).min(1).max(10_000),
    /** Rows of each table. */
    counts: z.partialRecord(z.enum(backupTableNames as [BackupTable, ...BackupTable[]]), z.int().nonnegative()),
    parts: z.array(partSchema).max(1_000_000),
  })
  .superRefine(({ parts }, context) => {
    if (new Set(parts.map(({ path }) => path)).size !== parts.length) {
      context.addIssue({ code: 'custom', message: 'A part is named twice.', path: ['parts'] });
    }
  });
export type Manifest = z.infer<typeof manifestSchema>;

export function tablePath(table: BackupTable): string {
  return `tables/${table}.jsonl`;
}

export function blobPath(hash: string): string {
  return `blobs/${hash}`;
}
