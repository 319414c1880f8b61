import type { Row } from '../../storage/schema.ts';
import type { Db, Trx } from '../../storage/storage.ts';
import type { Pair } from '../pair-view.ts';

/** `fact`: a mark by which one forgotten fact is known, without any of its words; never listed. */
export type RuleKind = 'message' | 'words' | 'fact';
export type RuleRow = Omit<Row<'memoryRule'>, 'kind'> & { kind: RuleKind };

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

function isKind(kind: string): kind is RuleKind {
  return kind === 'message' || kind === 'words' || kind === 'fact';
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
