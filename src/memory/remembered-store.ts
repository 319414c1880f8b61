import type { ExpressionBuilder } from 'kysely';
import type { MemoryUse } from '../../contract/memory.ts';
import { readMessages } from '../conversation/message-store.ts';
import { textOf } from '../conversation/tree-types.ts';
import type { Tables } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';
import type { Forgotten } from './forgotten.ts';
import type { Pair } from './pair-view.ts';

/** Ids in one statement, below every database's limit of parameters. */
const IDS_AT_ONCE = 500;

/** Everything that is kept of a pair besides what was said. */
export interface Remembered {
  /** Facts, dates, summaries and pages, each with its words. */
  items: Map<string, string[]>;
  /** Those of them that are summaries. */
  summaries: Set<string>;
  /** Messages that the person had forgotten. */
  forbidden: Set<string>;
}

type PairTable = 'memoryFact' | 'memoryDate' | 'memorySummary' | 'memoryDiary';

export async function listRemembered(db: Db, { ownerId, characterId }: Pair): Promise<Remembered> {
  const isOfPair = (where: ExpressionBuilder<Tables, PairTable>) => where.and({ ownerId, characterId });
  const facts = await db.selectFrom('memoryFact').select(['id', 'text', 'quote']).where(isOfPair).execute();
  const dates = await db
    .selectFrom('memoryDate')
    .select(['id', 'text'])
    .where(isOfPair)
    // Of one that was removed and must not be made again, a mark without words stays.
    .where('text', '!=', '')
    .execute();
  const pages = await db.selectFrom('memoryDiary').select(['id', 'text']).where(isOfPair).execute();
  const summaries = await db.selectFrom('memorySummary').select('id').where(isOfPair).execute();
  const rules = await db
    .selectFrom('memoryRule')
    .select('value')
    .where('ownerId', '=', ownerId)
    .where('characterId', '=', characterId)
    .where('kind', '=', 'message')
    .execute();
  return {
    items: new Map([
      ...facts.map(({ id, text, quote }): [string, string[]] => [id, quote === '' ? [text] : [text, quote]]),
      ...[...dates, ...pages].map(({ id, text }): [string, string[]] => [id, [text]]),
      ...summaries.map(({ id }): [string, string[]] => [id, []]),
    ]),
    summaries: new Set(summaries.map(({ id }) => id)),
    forbidden: new Set(rules.map(({ value }) => value)),
  };
}

/**
 * Makes who forgets and who keeps a reply's memories take turns: whoever comes second sees what the first one wrote.
 */
export async function lockMemory(trx: Trx, characterId: string): Promise<void> {
  await trx
    .updateTable('character')
    .set(({ ref }) => ({ slug: ref('slug') }))
    .where('id', '=', characterId)
    .execute();
}

const TABLES = { fact: 'memoryFact', summary: 'memorySummary', diary: 'memoryDiary' } as const;

/** What of the memories that a reply was given has been forgotten since. */
export async function findForgotten(trx: Trx, pair: Pair, used: readonly MemoryUse[]): Promise<Forgotten> {
  const items = new Map<string, string[]>();
  for (const kind of ['fact', 'summary', 'diary', 'date'] as const) {
    const ids = used.filter((use) => use.kind === kind).map(({ id }) => id);
    const there = kind === 'date' ? await existingDates(trx, ids) : await existing(trx, TABLES[kind], ids);
    for (const id of ids) if (!there.has(id)) items.set(id, []);
  }
  const named = [...new Set(used.flatMap(({ sources }) => sources.map(({ messageId }) => messageId)))];
  const there = new Map((await readMessages(trx, named)).map(({ id, parts }) => [id, textOf(parts)]));
  const forbidden = await forbiddenAmong(trx, pair, named);
  const gone = named.filter((id) => !there.has(id) || forbidden.has(id));
  return { items, messages: new Map(gone.map((id) => [id, there.get(id) ?? ''])), conversationIds: new Set() };
}

async function existing(
  trx: Trx,
  table: (typeof TABLES)[keyof typeof TABLES],
  ids: readonly string[],
): Promise<Set<string>> {
  const found = new Set<string>();
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const some = ids.slice(start, start + IDS_AT_ONCE);
    const rows = await trx.selectFrom(table).select('id').where('id', 'in', some).execute();
    for (const { id } of rows) found.add(id);
  }
  return found;
}

async function existingDates(trx: Trx, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await trx
    .selectFrom('memoryDate')
    .select('id')
    .where('id', 'in', [...ids])
    .where('text', '!=', '')
    .execute();
  return new Set(rows.map(({ id }) => id));
}

async function forbiddenAmong(trx: Trx, { ownerId, characterId }: Pair, ids: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const rows = await trx
      .selectFrom('memoryRule')
      .select('value')
      .where('ownerId', '=', ownerId)
      .where('characterId', '=', characterId)
      .where('kind', '=', 'message')
      .where('value', 'in', ids.slice(start, start + IDS_AT_ONCE))
      .execute();
    for (const { value } of rows) found.add(value);
  }
  return found;
}
