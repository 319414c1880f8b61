import { sql } from 'kysely';
import { z } from 'zod';
import type { Db, Trx } from '../storage/storage.ts';
import { turnStateSchema, type PathCounts, type TurnState } from './turn-state.ts';

/** Ancestors looked at before the whole path is counted instead: a talk held in this house has a state every other one. */
const NEAR = 64;

interface Step {
  id: string;
  parentId: string | null;
  authorKind: string;
  isIn: number;
  body: string | null;
}

/** The state that the turn below `endId` starts from, with the counts of the path through `endId`. */
export async function readTurnStart(
  db: Db,
  { conversationId, endId }: { conversationId: string; endId: string | null },
): Promise<{ before: TurnState | null; counts: PathCounts }> {
  if (endId === null) return { before: null, counts: { all: 0, human: 0, character: 0, greeting: null } };
  const steps = await readNearSteps(db, { conversationId, endId });
  const oldest = steps.at(-1);
  if (oldest && oldest.body !== null) {
    const before = turnStateSchema.parse(JSON.parse(oldest.body));
    return { before, counts: addSteps(before.counts, steps.slice(0, -1)) };
  }
  return { before: null, counts: await countPath(db, { conversationId, endId }) };
}

/** From `endId` up to the nearest ancestor that has a state, at most `NEAR` of them. */
async function readNearSteps(
  db: Db,
  { conversationId, endId }: { conversationId: string; endId: string },
): Promise<Step[]> {
  const found = await sql<Step>`
    with recursive "path" as (
      select m."id", m."parentId", m."authorKind", m."hidden", m."deletedAt", 1 as "step"
      from "message" m where m."id" = ${endId} and m."conversationId" = ${conversationId}
      union all
      select m."id", m."parentId", m."authorKind", m."hidden", m."deletedAt", p."step" + 1
      from "message" m join "path" p on m."id" = p."parentId"
      where p."step" < ${NEAR} and not exists (select 1 from "turnState" s where s."messageId" = p."id")
    ) select p."id", p."parentId", p."authorKind", t."body",
        case when p."hidden" = 0 and p."deletedAt" is null then 1 else 0 end as "isIn"
      from "path" p left join "turnState" t on t."messageId" = p."id" order by p."step"`.execute(db);
  return found.rows;
}

function addSteps(counts: PathCounts, steps: readonly Step[]): PathCounts {
  const inside = steps.filter(({ isIn }) => isIn === 1);
  return {
    ...counts,
    all: counts.all + inside.length,
    human: counts.human + inside.filter(({ authorKind }) => authorKind === 'human').length,
    character: counts.character + inside.filter(({ authorKind }) => authorKind === 'character').length,
  };
}

const totalsSchema = z.object({
  all: z.coerce.number(),
  human: z.coerce.number(),
  character: z.coerce.number(),
  rootId: z.string().nullable(),
});

async function countPath(
  db: Db,
  { conversationId, endId }: { conversationId: string; endId: string },
): Promise<PathCounts> {
  const found = await sql`
    with recursive "path" as (
      select m."id", m."parentId", m."authorKind", m."hidden", m."deletedAt"
      from "message" m where m."id" = ${endId} and m."conversationId" = ${conversationId}
      union all
      select m."id", m."parentId", m."authorKind", m."hidden", m."deletedAt"
      from "message" m join "path" p on m."id" = p."parentId"
    ) select
        coalesce(sum(case when "hidden" = 0 and "deletedAt" is null then 1 else 0 end), 0) as "all",
        coalesce(sum(case when "hidden" = 0 and "deletedAt" is null and "authorKind" = 'human' then 1 else 0 end), 0) as "human",
        coalesce(sum(case when "hidden" = 0 and "deletedAt" is null and "authorKind" = 'character' then 1 else 0 end), 0) as "character",
        max(case when "parentId" is null then "id" end) as "rootId"
      from "path"`.execute(db);
  const { rootId, ...totals } = totalsSchema.parse(found.rows[0]);
  return { ...totals, greeting: rootId === null ? null : await readGreeting(db, { conversationId, rootId }) };
}

/** The place of a path's first message among the greetings; null when it is none of them. */
async function readGreeting(
  db: Db,
  { conversationId, rootId }: { conversationId: string; rootId: string },
): Promise<number | null> {
  const roots = await db
    .selectFrom('message')
    .select('id')
    .where('conversationId', '=', conversationId)
    .where('parentId', 'is', null)
    .where('authorKind', '=', 'character')
    .where('editOf', 'is', null)
    .orderBy('id')
    .execute();
  const place = roots.findIndex(({ id }) => id === rootId);
  return place === -1 ? null : place;
}

export async function insertTurnState(
  trx: Trx,
  { messageId, conversationId, state }: { messageId: string; conversationId: string; state: TurnState },
): Promise<void> {
  await trx
    .insertInto('turnState')
    .values({ messageId, conversationId, body: JSON.stringify(state) })
    .execute();
}
