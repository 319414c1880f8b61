import { CompiledQuery } from 'kysely';
import { dialectOf } from '../storage/dialect-of.ts';
import type { NewRow } from '../storage/schema.ts';
import { repeatedQuery } from '../storage/sqlite/repeated-query.ts';
import type { Trx } from '../storage/storage.ts';
import type { MeteredCallRow } from './operation.ts';
import type { AccountState, Change, Postings, SpanState } from './postings.ts';

/*
 * Statements that run with every call to a model, written out once: building them would cost more than running them.
 * PostgreSQL takes all rows of a batch as one JSON text, for a round trip costs more than reading it; SQLite, which is
 * in this process, runs the statement for each of them.
 */

const COUNTS = ['inputTokens', 'cachedInputTokens', 'outputTokens', 'characters', 'audioInMs', 'images', 'videoInMs'];
const CALL_CHANGES = [
  'state',
  'outcome',
  'ref',
  'held',
  'cost',
  'attempts',
  'usageSource',
  'errorCode',
  'firstTokenInMs',
  'durationInMs',
  'expiresAt',
  'endedAt',
  ...COUNTS,
];
const CALL_COLUMNS = [
  'id',
  'accountId',
  'userId',
  'keyId',
  'teamId',
  'door',
  'purpose',
  'kind',
  'model',
  'characterId',
  'conversationId',
  'requestId',
  'prices',
  'budgets',
  'startedAt',
  ...CALL_CHANGES,
];
const ENTRY_COLUMNS = ['id', 'kind', 'callId', 'key', 'actorId', 'note', 'createdAt'];
const LINE_COLUMNS = ['id', 'entryId', 'accountId', 'amount'];
const EVENT_COLUMNS = ['id', 'type', 'actorId', 'subjectId', 'payload', 'createdAt'];
const SPAN_CHANGES = ['spent', 'held', 'softAt', 'hardAt'];

interface Statement {
  columns: readonly string[];
  one: string;
  many: string;
}

const quote = (name: string) => `"${name}"`;

function insertInto(table: string, columns: readonly string[]): Statement {
  const names = columns.map(quote).join(', ');
  const head = `insert into ${quote(table)} (${names})`;
  return {
    columns,
    one: `${head} values (${columns.map(() => '?').join(', ')})`,
    many: `${head} select ${names} from json_populate_recordset(null::${quote(table)}, $1::json)`,
  };
}

function update(table: string, columns: readonly string[], set: (column: string, value: string) => string): Statement {
  const changes = (value: (name: string) => string) =>
    columns.map((name) => `${quote(name)} = ${set(`${quote(table)}.${quote(name)}`, value(quote(name)))}`).join(', ');
  return {
    columns: [...columns, 'id'],
    one: `update ${quote(table)} set ${changes(() => '?')} where "id" = ?`,
    many:
      `update ${quote(table)} set ${changes((name) => `r.${name}`)} ` +
      `from json_populate_recordset(null::${quote(table)}, $1::json) r where ${quote(table)}."id" = r."id"`,
  };
}

const INSERT_CALLS = insertInto('meteredCall', CALL_COLUMNS);
const UPDATE_CALLS = update('meteredCall', CALL_CHANGES, (_, value) => value);
/** What was remembered of a call counts only while it is still held. */
const UPDATE_HELD_CALLS = { ...UPDATE_CALLS, one: `${UPDATE_CALLS.one} and "state" = 'held'` };
const INSERT_ENTRIES = insertInto('ledgerEntry', ENTRY_COLUMNS);
const INSERT_LINES = insertInto('ledgerLine', LINE_COLUMNS);
const INSERT_EVENTS = insertInto('event', EVENT_COLUMNS);
const ADD_TO_ACCOUNTS = update('ledgerAccount', ['balance', 'held'], (column, value) => `${column} + ${value}`);
const UPDATE_SPANS = update('budgetPeriod', SPAN_CHANGES, (_, value) => value);

interface Lookup {
  one: string;
  many: string;
}

function select(columns: string, from: string, id: string, locks: string): Lookup {
  const head = `select ${columns} from ${from} where ${id}`;
  return { one: `${head} = ?`, many: `${head} = any($1) order by ${id} for update of ${locks}` };
}

const ACCOUNTS = select('"id", "balance", "held", "creditLimit"', '"ledgerAccount"', '"id"', '"ledgerAccount"');
const CALLS = select(CALL_COLUMNS.map(quote).join(', '), '"meteredCall"', '"id"', '"meteredCall"');
const SPANS = select(
  '"budgetPeriod"."id", "budgetId", "scope", "subject", "budgetPeriod"."period", "spent", "held", "softLimit", "hardLimit", "softAt", "hardAt"',
  '"budgetPeriod" inner join "budget" on "budget"."id" = "budgetPeriod"."budgetId"',
  '"budgetPeriod"."id"',
  '"budgetPeriod"',
);
const KEYS = select('"key" as "id"', '"ledgerEntry"', '"key"', '"ledgerEntry"');

/** Rows by their ids, as they stand; on PostgreSQL locked, in the order of their ids. */
export const findAccounts = (trx: Trx, ids: readonly string[]) => find<AccountState>(trx, ACCOUNTS, ids);
export const findCalls = (trx: Trx, ids: readonly string[]) => find<MeteredCallRow>(trx, CALLS, ids);
export const findSpans = (trx: Trx, ids: readonly string[]) => find<SpanState>(trx, SPANS, ids);
/** Keys of entries that are there. */
export const findKeys = async (trx: Trx, keys: readonly string[]) =>
  new Set((await find<{ id: string }>(trx, KEYS, keys)).keys());

/** Everything that postings changed, and what happened by it. */
export async function writePostings(trx: Trx, postings: Postings): Promise<void> {
  await write(trx, INSERT_CALLS, postings.insertedCalls);
  await write(trx, UPDATE_HELD_CALLS, postings.updatedCalls);
  await write(trx, UPDATE_SPANS, postings.changedSpans);
  const entries: NewRow<'ledgerEntry'>[] = postings.entries.map(({ entry }) => entry);
  const changes: Change[] = postings.changes;
  // Lines refer to their accounts: these are there, whoever has none was given one before.
  await write(trx, INSERT_ENTRIES, entries);
  await write(
    trx,
    INSERT_LINES,
    postings.entries.flatMap(({ lines }) => lines),
  );
  await write(trx, INSERT_EVENTS, postings.events);
  await write(trx, ADD_TO_ACCOUNTS, changes);
}

async function write(trx: Trx, { columns, one, many }: Statement, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  if (dialectOf(trx) === 'postgres') {
    await trx.executeQuery(CompiledQuery.raw(many, [JSON.stringify(rows)]));
    return;
  }
  const runs = rows.map((row) => columns.map((column) => (row as Record<string, unknown>)[column]));
  const { numAffectedRows } = await trx.executeQuery(repeatedQuery(one, runs));
  if (numAffectedRows !== BigInt(rows.length)) throw new Error('Rows of the books are not as they were remembered.');
}

async function find<Found extends { id: string }>(
  trx: Trx,
  { one, many }: Lookup,
  ids: readonly string[],
): Promise<Map<string, Found>> {
  if (ids.length === 0) return new Map();
  const query =
    dialectOf(trx) === 'postgres'
      ? CompiledQuery.raw(many, [ids])
      : repeatedQuery(
          one,
          ids.map((id) => [id]),
        );
  const { rows } = await trx.executeQuery<Found>(query);
  return new Map(rows.map((row) => [row.id, row]));
}
