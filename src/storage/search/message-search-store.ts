import { sql, type RawBuilder } from 'kysely';
import type { StorageDialect } from '../migrate.ts';
import type { Db, Trx } from '../storage.ts';
import {
  scopeToken,
  toMessageFtsQuery,
  toMessageTsQuery,
  toTsVector,
  type MessageQuestion,
  type SearchScope,
} from './message-query.ts';
import { toMessagePhrases, toMessageWords, type SearchPhrase } from './message-words.ts';
import { findSearchSubject } from './search-subject-store.ts';
import { firstRowAt, takeRow } from './search-row-store.ts';

/** Longest text indexed per message, in UTF-16 units. */
export const INDEXED_LENGTH = 20_000;
/** Newest messages looked at in one round for the conversations they stand in, and rounds. */
const MESSAGES_AT_ONCE = 200;
const MOST_ROUNDS = 40;
const MOST_CONVERSATIONS = 500;

export interface MessageSearch {
  phrases: readonly SearchPhrase[];
  /** Who looks: only what this person heard is found. */
  userId: string;
  /** At least one of each group. */
  scopes: readonly (readonly SearchScope[])[];
  /** Milliseconds since the epoch; from inclusive, to exclusive. */
  from: number | null;
  to: number | null;
  /** Only what follows this row of the same search. */
  afterRow: number | null;
  oldestFirst: boolean;
  /** True costs a few milliseconds more. */
  scored: boolean;
  limit: number;
}

export interface FoundMessage {
  /** Grows with the time of the message. */
  row: number;
  messageId: string;
  conversationId: string;
  /** Higher is better; 0 unless asked for. */
  score: number;
}

/** Matches of one conversation among the newest, and the lowest of their rows; PostgreSQL's counts are texts. */
interface NewestIn {
  id: string;
  own: number | boolean;
  count: number | string;
  lowest: number | string;
}

/** The search port over messages: FTS5 on SQLite, tsvector on PostgreSQL. Rows are numbered by the time of messages. */
export class MessageSearchStore {
  readonly #dialect: StorageDialect;

  constructor(dialect: StorageDialect) {
    this.#dialect = dialect;
  }

  /** Adds or replaces a message's words; the message and its conversation are there already. */
  async put(trx: Trx, message: { id: string; conversationId: string; text: string }): Promise<void> {
    const words = toMessageWords(message.text.slice(0, INDEXED_LENGTH));
    const subject = words === '' ? undefined : await findSearchSubject(trx, message.id);
    if (!subject) return this.remove(trx, message.id);
    const row = subject.row ?? (await takeRow(trx, { ...message, createdAt: subject.createdAt }));
    if (this.#dialect === 'sqlite') {
      const scope = subject.scopes.map(scopeToken).join(' ');
      if (subject.row !== null) await sql`delete from "messageSearch" where rowid = ${row}`.execute(trx);
      await sql`insert into "messageSearch" (rowid, text, scope) values (${row}, ${words}, ${scope})`.execute(trx);
    } else {
      await sql`update "messageSearchRow" set "words" = ${toTsVector(words, subject.scopes)}::tsvector where "row" = ${row}`.execute(
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
    const phrases = toMessagePhrases(query);
    if (phrases.length === 0) return [];
    const seen = new Set<string>();
    const found: string[] = [];
    let below: number | null = null;
    // What was found is left out of the next round, so one talkative conversation does not hide the others;
    // whatever stands above the last row looked at is of conversations that are known by now.
    for (let round = 0; round < MOST_ROUNDS && found.length < MOST_CONVERSATIONS; round += 1) {
      const without = [...seen].map((id): SearchScope => ({ kind: 'conversation', id }));
      const { source, match, order } = this.#matching({
        phrases,
        scopes: [[{ kind: 'hearer', id: ownerId }]],
        without,
      });
      const newest: { rows: NewestIn[] } = await sql<NewestIn>`
        select f."conversationId" as "id", c."ownerId" = ${ownerId} and c."deletedAt" is null as "own", f."count", f."lowest" from (
          select r."conversationId", count(*) as "count", min(r."row") as "lowest" from (
            select r."conversationId", r."row" from ${source}
            where ${match} ${below === null ? sql`` : sql`and ${order} < ${below}`} order by ${order} desc limit ${MESSAGES_AT_ONCE}
          ) r group by r."conversationId"
        ) f join "conversation" c on c."id" = f."conversationId"`.execute(db);
      for (const { id, own } of newest.rows) {
        seen.add(id);
        if (own === true || own === 1) found.push(id);
      }
      const looked = newest.rows.reduce((sum, { count }) => sum + Number(count), 0);
      below = newest.rows.reduce((least, { lowest }) => Math.min(least, Number(lowest)), below ?? Infinity);
      if (looked < MESSAGES_AT_ONCE) break;
    }
    return found.slice(0, MOST_CONVERSATIONS);
  }

  /** The newest messages with every phrase, or the oldest, in that order, of conversations that the person may open. */
  async findMessages(db: Db, search: MessageSearch): Promise<FoundMessage[]> {
    const { phrases, userId, limit, oldestFirst } = search;
    if (phrases.length === 0) return [];
    const scopes: SearchScope[][] = [[{ kind: 'hearer', id: userId }], ...search.scopes.map((group) => [...group])];
    const { source, match, order, score } = this.#matching({ phrases, scopes, without: [] });
    const { lowest, highest } = rowBounds(search);
    const found = await sql<FoundMessage>`
      select r."row", r."messageId", r."conversationId", ${search.scored ? score : sql`0`} as "score"
      from ${source}
      cross join "conversation" c
      where ${match}
        ${lowest === null ? sql`` : sql`and ${order} >= ${lowest}`}
        ${highest === null ? sql`` : sql`and ${order} < ${highest}`}
        and c."id" = r."conversationId" and c."deletedAt" is null
        and (c."ownerId" = ${userId} or exists (
          select 1 from "participant" p where p."subjectId" = ${userId} and p."conversationId" = c."id"
            and p."role" = 'guest' and p."leftAt" is null))
      order by ${order} ${oldestFirst ? sql`asc` : sql`desc`} limit ${limit}`.execute(db);
    return found.rows;
  }

  /** Where rows come from, what they have to match, and how they are ordered and weighed. */
  #matching(question: MessageQuestion): Record<'source' | 'match' | 'order' | 'score', RawBuilder<unknown>> {
    if (this.#dialect === 'sqlite') {
      // Cross joins keep SQLite from reading in another order than that of the index.
      return {
        source: sql`"messageSearch" f cross join "messageSearchRow" r on r."row" = f.rowid`,
        match: sql`"messageSearch" match ${toMessageFtsQuery(question)}`,
        order: sql`f.rowid`,
        score: sql`-bm25("messageSearch", 1.0, 0.0)`,
      };
    }
    const query = sql`${toMessageTsQuery(question)}::tsquery`;
    return {
      source: sql`"messageSearchRow" r`,
      match: sql`r."words" @@ ${query}`,
      order: sql`r."row"`,
      score: sql`ts_rank(r."words", ${query}, 1)`,
    };
  }

  /** Messages of one conversation, on any branch, in which every phrase occurs; at most 2,000, no order. */
  async findInConversation(
    db: Db,
    { conversationId, query }: { conversationId: string; query: string },
  ): Promise<string[]> {
    const phrases = toMessagePhrases(query);
    if (phrases.length === 0) return [];
    const { source, match } = this.#matching({
      phrases,
      scopes: [[{ kind: 'conversation', id: conversationId }]],
      without: [],
    });
    const found = await sql<{ id: string }>`
      select r."messageId" as id from ${source} where ${match} limit 2000`.execute(db);
    return found.rows.map((row) => row.id);
  }
}

/** Rows from `lowest` on and below `highest`; null = no bound. */
function rowBounds({ from, to, afterRow, oldestFirst }: MessageSearch): {
  lowest: number | null;
  highest: number | null;
} {
  const low = [from === null ? null : firstRowAt(from), afterRow !== null && oldestFirst ? afterRow + 1 : null];
  const high = [to === null ? null : firstRowAt(to), afterRow !== null && !oldestFirst ? afterRow : null];
  const [lows, highs] = [low, high].map((bounds) => bounds.filter((bound) => bound !== null));
  return {
    lowest: lows && lows.length > 0 ? Math.max(...lows) : null,
    highest: highs && highs.length > 0 ? Math.min(...highs) : null,
  };
}
