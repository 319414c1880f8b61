import { sql, type Kysely } from 'kysely';
import type { StorageDialect } from './migrate.ts';
import type { Tables } from './schema.ts';

/**
 * What compares vectors: sqlite-vec's functions, the column of pgvector's type (`vector`, in the schema where the
 * extension lives), or the process itself.
 */
export type VectorFunctions = { kind: 'sqlite-vec' } | { kind: 'pgvector'; schema: string } | { kind: 'none' };

/** Never fails a start: an extension that is missing, or that this user may not create, is done without. */
export async function findVectorFunctions(db: Kysely<Tables>, dialect: StorageDialect): Promise<VectorFunctions> {
  return dialect === 'sqlite' ? await findSqliteVec(db) : await findPgvector(db);
}

async function findSqliteVec(db: Kysely<Tables>): Promise<VectorFunctions> {
  try {
    await sql`select vec_version()`.execute(db);
    return { kind: 'sqlite-vec' };
  } catch {
    return { kind: 'none' };
  }
}

async function findPgvector(db: Kysely<Tables>): Promise<VectorFunctions> {
  const schema = (await schemaOfPgvector(db)) ?? (await createPgvector(db));
  if (schema === undefined) return { kind: 'none' };
  try {
    const type = sql`${sql.id(schema)}.vector`;
    await sql`alter table "memoryVector" add column if not exists "embedding" ${type}`.execute(db);
    return { kind: 'pgvector', schema };
  } catch {
    return { kind: 'none' };
  }
}

async function createPgvector(db: Kysely<Tables>): Promise<string | undefined> {
  try {
    await sql`create extension if not exists vector with schema public`.execute(db);
  } catch {
    // Not installed, not allowed, or somebody else creates it this moment: the next look tells.
  }
  return schemaOfPgvector(db);
}

async function schemaOfPgvector(db: Kysely<Tables>): Promise<string | undefined> {
  const { rows } = await sql<{ schema: string }>`
    select n.nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'vector'
  `.execute(db);
  return rows[0]?.schema;
}
