import { sql } from 'kysely';
import type { Db, Storage, Trx } from '../../storage/storage.ts';
import { cosineOf, fromBytes, toBytes, toInt8 } from './quantize.ts';

/** Ids asked for in one statement. */
const IDS_AT_ONCE = 500;

export interface NewVector {
  messageId: string;
  conversationId: string;
  /** sha256 of the embedded words, hex. */
  hash: string;
  /** As the model gave it. */
  vector: Float32Array;
}

export interface StoredVector {
  row: number;
  messageId: string;
  conversationId: string;
  vector: Int8Array;
}

interface Of {
  conversationIds: readonly string[];
  model: string;
}

/** Vectors of messages as the database keeps them: a signed byte for each dimension. */
export class VectorStore {
  readonly #storage: Pick<Storage, 'db' | 'dialect' | 'vectors'>;

  constructor(storage: Pick<Storage, 'db' | 'dialect' | 'vectors'>) {
    this.#storage = storage;
  }

  get #db(): Db {
    return this.#storage.db;
  }

  /** Each in the place of the one before of the same message and model, with a new row number. */
  async put(trx: Trx, { model, vectors }: { model: string; vectors: readonly NewVector[] }): Promise<void> {
    if (vectors.length === 0) return;
    const ids = vectors.map(({ messageId }) => messageId);
    await trx.deleteFrom('memoryVector').where('model', '=', model).where('messageId', 'in', ids).execute();
    const rows = vectors.map(({ messageId, conversationId, hash, vector }) => ({
      messageId,
      conversationId,
      model,
      hash,
      vector: toBytes(toInt8(vector)),
    }));
    await trx.insertInto('memoryVector').values(rows).execute();
    await this.#fillEmbeddings(trx, { model, ids });
  }

  async remove(trx: Db | Trx, messageIds: readonly string[]): Promise<void> {
    for (const ids of portions(messageIds)) {
      await trx.deleteFrom('memoryVector').where('messageId', 'in', ids).execute();
    }
  }

  async removeConversation(trx: Db | Trx, conversationId: string): Promise<void> {
    await trx.deleteFrom('memoryVector').where('conversationId', '=', conversationId).execute();
  }

  /** Removes vectors of every model but one, at most `limit`; returns how many. */
  async removeOthers({ conversationIds, model, limit }: Of & { limit: number }): Promise<number> {
    const old = this.#db
      .selectFrom('memoryVector')
      .select('row')
      .where('conversationId', 'in', [...conversationIds])
      .where((where) => where.or([where('model', '<', model), where('model', '>', model)]))
      .limit(limit);
    const result = await this.#db.deleteFrom('memoryVector').where('row', 'in', old).executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  /** Of messages that have a vector of the model: the hash of the words it was made of. */
  async hashesOf({
    messageIds,
    model,
  }: {
    messageIds: readonly string[];
    model: string;
  }): Promise<Map<string, string>> {
    const hashes = new Map<string, string>();
    for (const ids of portions(messageIds)) {
      const rows = await this.#db
        .selectFrom('memoryVector')
        .select(['messageId', 'hash'])
        .where('messageId', 'in', ids)
        .where('model', '=', model)
        .execute();
      for (const { messageId, hash } of rows) hashes.set(messageId, hash);
    }
    return hashes;
  }

  /** The messages that are there for good or for now; a vector of any other would hang on nothing. */
  async existing(trx: Trx, messageIds: readonly string[]): Promise<Set<string>> {
    const rows = await trx
      .selectFrom('message')
      .innerJoin('conversation', 'conversation.id', 'message.conversationId')
      .select('message.id')
      .where('message.id', 'in', [...messageIds])
      .where('conversation.memory', '<>', 'private')
      .execute();
    return new Set(rows.map(({ id }) => id));
  }

  /** Models that conversations have vectors of, with how many. */
  async countByModel(conversationIds: readonly string[]): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const ids of portions(conversationIds)) {
      const rows = await this.#db
        .selectFrom('memoryVector')
        .select(({ fn }) => ['model', fn.countAll<number>().as('count')])
        .where('conversationId', 'in', ids)
        .groupBy('model')
        .execute();
      for (const { model, count } of rows) counts.set(model, (counts.get(model) ?? 0) + count);
    }
    return counts;
  }

  /** Those of the conversations that are private and still have vectors. */
  async privateOnes(conversationIds: readonly string[]): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('conversation')
      .select('id')
      .where('id', 'in', [...conversationIds])
      .where('memory', '=', 'private')
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('memoryVector').select('row').whereRef('memoryVector.conversationId', '=', 'conversation.id'),
        ),
      )
      .execute();
    return rows.map(({ id }) => id);
  }

  /** The highest row number there is; rows that come later have higher ones. */
  async lastRow(): Promise<number> {
    const newest = await this.#db
      .selectFrom('memoryVector')
      .select('row')
      .orderBy('row', 'desc')
      .limit(1)
      .executeTakeFirst();
    return newest?.row ?? 0;
  }

  /** A page of vectors by row number. */
  async page({ conversationIds, model, after, limit }: Of & { after: number; limit: number }): Promise<StoredVector[]> {
    const rows = await this.#db
      .selectFrom('memoryVector')
      .select(['row', 'messageId', 'conversationId', 'vector'])
      .where('conversationId', 'in', [...conversationIds])
      .where('model', '=', model)
      .where('row', '>', after)
      .orderBy('row')
      .limit(limit)
      .execute();
    return rows.map(({ vector, ...row }) => ({ ...row, vector: fromBytes(vector) }));
  }

  /** Cosines of the vectors in these rows, by message; rows that are gone are left out. */
  async cosinesOf({ rows, query }: { rows: readonly number[]; query: Int8Array }): Promise<Map<string, number>> {
    if (rows.length === 0) return new Map();
    const found =
      this.#storage.vectors.kind === 'sqlite-vec'
        ? await this.#compareThere(rows, query)
        : await this.#compareHere(rows, query);
    return new Map(found.map(({ messageId, cosine }) => [messageId, cosine]));
  }

  async #compareThere(rows: readonly number[], query: Int8Array): Promise<{ messageId: string; cosine: number }[]> {
    const result = await sql<{ messageId: string; cosine: number }>`
      select "messageId", 1 - vec_distance_cosine(vec_int8("vector"), vec_int8(${toBytes(query)})) as "cosine"
      from "memoryVector"
      where "row" in (select value from json_each(${JSON.stringify(rows)})) and length("vector") = ${query.length}
    `.execute(this.#db);
    return result.rows;
  }

  async #compareHere(rows: readonly number[], query: Int8Array): Promise<{ messageId: string; cosine: number }[]> {
    const found = await this.#db
      .selectFrom('memoryVector')
      .select(['messageId', 'vector'])
      .where('row', 'in', [...rows])
      .execute();
    return found.map(({ messageId, vector }) => ({ messageId, cosine: cosineOf(fromBytes(vector), query) }));
  }

  /** Where pgvector is: its column, from the same bytes. */
  async #fillEmbeddings(trx: Trx, { model, ids }: { model: string; ids: readonly string[] }): Promise<void> {
    if (this.#storage.vectors.kind !== 'pgvector') return;
    await sql`
      update "memoryVector" set "embedding" = ${asPgvector(this.#storage.vectors.schema)}
      where "model" = ${model} and "messageId" in (${sql.join(ids)}) and length("vector") > 0
    `.execute(trx);
  }
}

/** SQL that makes pgvector's type of the signed bytes in `vector`. */
export function asPgvector(schema: string) {
  return sql`(
    select array_agg((byte - case when byte > 127 then 256 else 0 end)::real order by place)::${sql.id(schema)}.vector
    from (select place, get_byte("vector", place) as byte from generate_series(0, length("vector") - 1) as place) as bytes
  )`;
}

function* portions(ids: readonly string[]): Iterable<string[]> {
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) yield ids.slice(start, start + IDS_AT_ONCE);
}
