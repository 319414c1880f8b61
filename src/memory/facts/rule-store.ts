import type { Row } from '../../storage/schema.ts';
import type { Db, Trx } from '../../storage/storage.ts';
import type { Pair } from '../pair-view.ts';

/**
 * `paused`: a message that was said while memory was paused. `fact`: a mark by which one forgotten fact is known,
 * without any of its words. Neither is ever listed.
 */
export type RuleKind = 'message' | 'words' | 'paused' | 'fact';
export type RuleRow = Omit<Row<'memoryRule'>, 'kind'> & { kind: RuleKind };

/** Rows in one statement, below every database's limit of parameters. */
const ROWS_AT_ONCE = 200;

/** Rules of one character and those of all characters. */
export async function listRules(db: Db, { ownerId, characterId }: Pair): Promise<RuleRow[]> {
  const rows = await db
    .selectFrom('memoryRule')
    .selectAll()
    .where('ownerId', '=', ownerId)
    .where((where) => where.or([where('characterId', '=', characterId), where('characterId', 'is', null)]))
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return rows.flatMap((row) => (isKind(row.kind) ? [{ ...row, kind: row.kind }] : []));
}

/** Those of the messages that their owner wants no character to remember. */
export function listForgottenMessages(
  db: Db,
  { ownerId, ids }: { ownerId: string; ids: readonly string[] },
): Promise<Set<string>> {
  return listNamed(db, { ownerId, ids, kinds: ['message'] });
}

/** The same, and those that were said while memory was paused or the conversation private. */
export function listUnremembered(
  db: Db,
  { ownerId, ids }: { ownerId: string; ids: readonly string[] },
): Promise<Set<string>> {
  return listNamed(db, { ownerId, ids, kinds: ['message', 'paused'] });
}

async function listNamed(
  db: Db,
  { ownerId, ids, kinds }: { ownerId: string; ids: readonly string[]; kinds: RuleKind[] },
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('memoryRule')
    .select('value')
    .where('ownerId', '=', ownerId)
    .where('kind', 'in', kinds)
    .where('value', 'in', [...ids])
    .execute();
  return new Set(rows.map(({ value }) => value));
}

function isKind(kind: string): kind is RuleKind {
  return kind === 'message' || kind === 'words' || kind === 'paused' || kind === 'fact';
}

/** Adds a rule; one that says the same stays as it is. Returns the id of the one that holds. */
export async function addRule(trx: Trx, rule: RuleRow): Promise<string> {
  let same = trx
    .selectFrom('memoryRule')
    .select('id')
    .where('ownerId', '=', rule.ownerId)
    .where('kind', '=', rule.kind)
    .where('value', '=', rule.value);
  same =
    rule.characterId === null
      ? same.where('characterId', 'is', null)
      : same.where('characterId', '=', rule.characterId);
  const there = await same.executeTakeFirst();
  if (there) return there.id;
  await trx.insertInto('memoryRule').values(rule).execute();
  return rule.id;
}

/** Adds rules of which none says what another one says already. */
export async function insertRules(trx: Trx, rules: readonly RuleRow[]): Promise<void> {
  for (let start = 0; start < rules.length; start += ROWS_AT_ONCE) {
    await trx
      .insertInto('memoryRule')
      .values(rules.slice(start, start + ROWS_AT_ONCE))
      .execute();
  }
}

/** False when there is no such rule of this person's. */
export async function deleteRule(trx: Trx, { id, ownerId }: { id: string; ownerId: string }): Promise<boolean> {
  const found = await trx
    .deleteFrom('memoryRule')
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .where('kind', 'in', ['message', 'words'])
    .executeTakeFirst();
  return found.numDeletedRows > 0n;
}
