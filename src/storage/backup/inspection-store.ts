import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { z } from 'zod';
import { createPostgresDialect } from '../postgres/postgres-dialect.ts';
import type { Tables } from '../schema.ts';

export interface StorageInspection {
  /** `SQLite 3.53.4`, `PostgreSQL 15.13`. */
  engine: string;
  /** What the engine's own check found; empty when all is well. */
  faults: string[];
  /** Reference of the model the house was told to use. */
  defaultModel: string | null;
}

/** Faults named at most; one is enough to act. */
const MAX_FAULTS = 5;

const faultSchema = z.object({ quick_check: z.string() });
const settingSchema = z.object({ value: z.string() });

/**
 * Looks at a house's database without changing it, also while a server runs. Null when there is none yet. Throws when
 * it cannot be opened or reached.
 */
export async function inspectStorage({
  dataDirectory,
  postgres,
}: {
  dataDirectory: string;
  postgres: { url: string; schema?: string } | null;
}): Promise<StorageInspection | null> {
  return postgres ? inspectPostgres(postgres) : inspectSqlite(join(dataDirectory, 'everwith.sqlite'));
}

function inspectSqlite(path: string): StorageInspection | null {
  if (!existsSync(path)) return null;
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000, defensive: true });
  try {
    const faults = database
      .prepare('pragma quick_check')
      .all()
      .map((row) => faultSchema.parse(row).quick_check)
      .filter((text) => text !== 'ok');
    const setting = database.prepare(`select value from setting where scope = 'house' and key = 'defaultModel'`).get();
    return {
      engine: `SQLite ${process.versions.sqlite ?? ''}`.trim(),
      faults: faults.slice(0, MAX_FAULTS),
      defaultModel: setting === undefined ? null : settingSchema.parse(setting).value,
    };
  } finally {
    database.close();
  }
}

async function inspectPostgres(postgres: { url: string; schema?: string }): Promise<StorageInspection> {
  const db = new Kysely<Tables>({ dialect: createPostgresDialect(postgres) });
  try {
    const version = await sql<{ server_version: string }>`show server_version`.execute(db);
    const tables = await sql<{ name: string | null }>`select to_regclass('setting')::text as name`.execute(db);
    const setting =
      tables.rows[0]?.name === null
        ? undefined
        : await db
            .selectFrom('setting')
            .select('value')
            .where('scope', '=', 'house')
            .where('key', '=', 'defaultModel')
            .executeTakeFirst();
    return {
      engine: `PostgreSQL ${version.rows[0]?.server_version ?? ''}`.trim(),
      faults: [],
      defaultModel: setting?.value ?? null,
    };
  } finally {
    await db.destroy();
  }
}
