import { sql } from 'kysely';
import type { Db, Trx } from '../storage/storage.ts';

/** A message and how deep it stands. */
export interface Place {
  id: string;
  depth: number;
}

/** A long step that was found by short ones. */
export interface LongStep {
  span: number;
  upper: Place;
  lower: Place;
  /** True where the active children lead from the upper to the lower. */
  led: boolean;
}

/** Rows in one statement, below every database's limit of parameters. */
const ROWS_AT_ONCE = 500;

/** Where steps of one length begin, and how many are read at most. */
interface StepsFrom {
  fromId: string;
  span: number;
  limit: number;
}

/** Steps up from a message, nearest first, as far as they are laid, at most `limit`. */
export function readStepsUp(db: Db, from: StepsFrom): Promise<Place[]> {
  return readSteps(db, { ...from, column: 'upId', rise: -from.span });
}

/** Steps down from a message along the active children, nearest first, as far as they are known, at most `limit`. */
export function readStepsDown(db: Db, from: StepsFrom): Promise<Place[]> {
  return readSteps(db, { ...from, column: 'downId', rise: from.span });
}

async function readSteps(
  db: Db,
  { fromId, span, limit, column, rise }: StepsFrom & { column: 'upId' | 'downId'; rise: number },
): Promise<Place[]> {
  const next = sql.ref(column);
  const found = await sql<{ id: string; depth: number }>`
    with recursive "way" as (
      select ${next} as "nextId", "depth", 1 as "step" from "waypoint" where "messageId" = ${fromId} and "span" = ${span} and ${next} is not null
      union all
      select w.${next}, w."depth", y."step" + 1 from "waypoint" w join "way" y on w."messageId" = y."nextId"
      where w."span" = ${span} and w.${next} is not null and y."step" < ${limit}
    ) select "nextId" as "id", "depth" as "depth" from "way" order by "step"`.execute(db);
  return found.rows.map(({ id, depth }) => ({ id, depth: depth + rise }));
}

/** Where the active children lead from each of the messages in one step, as far as that is known. */
export async function readLeads(
  db: Db,
  { ids, span }: { ids: readonly string[]; span: number },
): Promise<Map<string, string>> {
  const leads = new Map<string, string>();
  for (let start = 0; start < ids.length; start += ROWS_AT_ONCE) {
    const rows = await db
      .selectFrom('waypoint')
      .select(['messageId', 'downId'])
      .where('span', '=', span)
      .where('messageId', 'in', ids.slice(start, start + ROWS_AT_ONCE))
      .execute();
    for (const { messageId, downId } of rows) if (downId !== null) leads.set(messageId, downId);
  }
  return leads;
}

/** Keeps long steps: both of their ends get a row. */
export async function laySteps(
  db: Db,
  { conversationId, steps }: { conversationId: string; steps: readonly LongStep[] },
): Promise<void> {
  const lowers = new Map(steps.map((step) => [`${step.span} ${step.lower.id}`, step]));
  const uppers = new Map<string, LongStep>();
  for (const step of steps) {
    const key = `${step.span} ${step.upper.id}`;
    if (step.led || !uppers.has(key)) uppers.set(key, step);
  }
  const row = (span: number, { id: messageId, depth }: Place) => ({ messageId, span, conversationId, depth });
  const above = [...uppers.values()].map(({ span, upper, lower, led }) => ({
    ...row(span, upper),
    upId: null,
    downId: led ? lower.id : null,
  }));
  const below = [...lowers.values()].map(({ span, upper, lower }) => ({
    ...row(span, lower),
    upId: upper.id,
    downId: null,
  }));
  // What is known of the other direction stays.
  for (const ends of [above, below]) {
    for (let start = 0; start < ends.length; start += ROWS_AT_ONCE) {
      await db
        .insertInto('waypoint')
        .values(ends.slice(start, start + ROWS_AT_ONCE))
        .onConflict((conflict) =>
          conflict.columns(['messageId', 'span']).doUpdateSet(({ fn, ref }) => ({
            upId: fn.coalesce(ref('excluded.upId'), ref('waypoint.upId')),
            downId: fn.coalesce(ref('excluded.downId'), ref('waypoint.downId')),
          })),
        )
        .execute();
    }
  }
}

/** Forgets where the active children lead from these messages: they lead elsewhere now. */
export async function forgetLeads(trx: Trx, from: readonly { id: string; span: number }[]): Promise<void> {
  await trx
    .updateTable('waypoint')
    .set({ downId: null })
    .where((where) => where.or(from.map(({ id, span }) => where.and({ messageId: id, span }))))
    .execute();
}

/** Takes the long steps to a message away that ends a path and is taken out of the tree. */
export async function removeStepsTo(trx: Trx, messageId: string): Promise<void> {
  await sql`
    update "waypoint" set "downId" = null where "downId" = ${messageId}
      and "messageId" in (select w."upId" from "waypoint" w where w."messageId" = ${messageId})`.execute(trx);
  await trx.deleteFrom('waypoint').where('messageId', '=', messageId).execute();
}
