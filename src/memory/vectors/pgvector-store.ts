import { sql } from 'kysely';
import type { Db } from '../../storage/storage.ts';
import { asPgvector } from './vector-store.ts';

interface Of {
  conversationIds: readonly string[];
  model: string;
  query: Int8Array;
}

/** Rows that are converted in one statement: about a quarter of a second. */
const ROWS_PER_CONVERSION = 500;

/** Nearest vectors by pgvector (https://github.com/pgvector/pgvector), exactly: the database scans the conversations. */
export class PgvectorStore {
  readonly #db: Db;
  readonly #schema: string;

  constructor({ db, schema }: { db: Db; schema: string }) {
    this.#db = db;
    this.#schema = schema;
  }

  /** The nearest, nearest first. */
  async nearest({
    conversationIds,
    model,
    query,
    offset,
    limit,
  }: Of & { offset: number; limit: number }): Promise<{ messageId: string; cosine: number }[]> {
    const distance = this.#distance(query);
    const result = await sql<{ messageId: string; cosine: number }>`
      select "messageId", 1 - (${distance}) as "cosine" from "memoryVector"
      where "conversationId" in (${sql.join([...conversationIds])}) and "model" = ${model} and "embedding" is not null
      order by ${distance}, "row" limit ${limit} offset ${offset}
    `.execute(this.#db);
    return result.rows;
  }

  /** Every `step`th vector by its row number. */
  async sample({
    conversationIds,
    model,
    query,
    step,
  }: Of & { step: number }): Promise<{ messageId: string; cosine: number }[]> {
    const result = await sql<{ messageId: string; cosine: number }>`
      select "messageId", 1 - (${this.#distance(query)}) as "cosine" from "memoryVector"
      where "conversationId" in (${sql.join([...conversationIds])}) and "model" = ${model} and "embedding" is not null
        and "row" % ${sql.lit(step)} = 0
    `.execute(this.#db);
    return result.rows;
  }

  async count({ conversationIds, model }: Omit<Of, 'query'>): Promise<number> {
    const row = await this.#db
      .selectFrom('memoryVector')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('conversationId', 'in', [...conversationIds])
      .where('model', '=', model)
      .executeTakeFirstOrThrow();
    return row.count;
  }

  /** Fills the column of vectors that were written before the extension was there; returns how many. */
  async convertSome(): Promise<number> {
    const result = await sql`
      update "memoryVector" set "embedding" = ${asPgvector(this.#schema)}
      where "row" in (
        select "row" from "memoryVector" where "embedding" is null and length("vector") > 0 limit ${ROWS_PER_CONVERSION}
      )
    `.execute(this.#db);
    return Number(result.numAffectedRows ?? 0n);
  }

  #distance(query: Int8Array) {
    const schema = sql.id(this.#schema);
    const literal = `[${query.join(',')}]`;
    return sql`"embedding" operator(${schema}.<=>) ${literal}::${schema}.vector`;
  }
}
