import { sql } from 'kysely';
import type { StorageDialect } from '../migrate.ts';
import type { Db, Trx } from '../storage.ts';
import { toFtsQuery, toTsQuery } from './phrase-query.ts';
import { toSearchPhrases, toSearchText } from './search-text.ts';

/** Longest text indexed per message, in UTF-16 units. */
const INDEXED_LENGTH = 20_000;

/** The search port over messages: FTS5 on SQLite, tsvector on PostgreSQL. */
export class MessageSearchStore {
  readonly #dialect: StorageDialect;

  constructor(dialect: StorageDialect) {
    this.#dialect = dialect;
  }

  /** Adds or replaces a message's words. */
  async put(trx: Trx, message: { id: string; conversationId: string; text: string }): Promise<void> {
    await this.remove(trx, message.id);
    const words = toSearchText(message.text.slice(0, INDEXED_LENGTH));
    if (words === '') return;
    const row = await trx
      .insertInto('messageSearchRow')
      .values({ messageId: message.id, conversationId: message.conversationId })
      .returning('row')
      .executeTakeFirstOrThrow();
    if (this.#dialect === 'sqlite') {
      await sql`insert into "messageSearch" (rowid, text) values (${row.row}, ${words})`.execute(trx);
    } else {
      await sql`update "messageSearchRow" set "words" = to_tsvector('simple', ${words}) where "row" = ${row.row}`.execute(
        trx,
      );
    }
  }

  async remove(trx: Trx, messageId: string): Promise<void> {
    if (this.#dialect === 'sqlite') {
      await sql`delete from "messageSearch" where rowid in (select "row" from "messageSearchRow" where "messageId" = ${messageId})`.execute(
        trx,
      );
    }
    await trx.deleteFrom('messageSearchRow').where('messageId', '=', messageId).execute();
  }

  async removeConversation(trx: Trx, conversationId: string): Promise<void> {
    if (this.#dialect === 'sqlite') {
      await sql`delete from "messageSearch" where rowid in (select "row" from "messageSearchRow" where "conversationId" = ${conversationId})`.execute(
        trx,
      );
    }
    await trx.deleteFrom('messageSearchRow').where('conversationId', '=', conversationId).execute();
  }

  /** Conversations of one owner in which every phrase occurs in one message; at most 500, no order. */
  async findConversations(db: Db, { ownerId, query }: { ownerId: string; query: string }): Promise<string[]> {
    const phrases = toSearchPhrases(query);
    if (phrases.length === 0) return [];
    const match =
      this.#dialect === 'sqlite'
        ? sql`r."row" in (select rowid from "messageSearch" where "messageSearch" match ${toFtsQuery(phrases)})`
        : sql`r."words" @@ to_tsquery('simple', ${toTsQuery(phrases)})`;
    const found = await sql<{ id: string }>`
      select distinct r."conversationId" as id from "messageSearchRow" r
      join "conversation" c on c.id = r."conversationId" and c."ownerId" = ${ownerId} and c."deletedAt" is null
      where ${match} limit 500`.execute(db);
    return found.rows.map((row) => row.id);
  }

  /** Messages of one conversation, on any branch, in which every phrase occurs; at most 2,000, no order. */
  async findInConversation(
    db: Db,
    { conversationId, query }: { conversationId: string; query: string },
  ): Promise<string[]> {
    const phrases = toSearchPhrases(query);
    if (phrases.length === 0) return [];
    const match =
      this.#dialect === 'sqlite'
        ? sql`r."row" in (select rowid from "messageSearch" where "messageSearch" match ${toFtsQuery(phrases)})`
        : sql`r."words" @@ to_tsquery('simple', ${toTsQuery(phrases)})`;
    const found = await sql<{ id: string }>`
      select r."messageId" as id from "messageSearchRow" r
      where r."conversationId" = ${conversationId} and ${match} limit 2000`.execute(db);
    return found.rows.map((row) => row.id);
  }
}
