import { sql } from 'kysely';
import { audienceSchema, mannerSchema } from '../../contract/rooms.ts';
import type { Db } from '../storage/storage.ts';
import { hears, type RoomView } from './room-view.ts';
import { turnStateSchema, type PathCounts, type TurnState } from './turn-state.ts';

interface Step {
  authorKind: string;
  authorId: string;
  parentId: string | null;
  audience: string;
  manner: string;
  isIn: number;
  body: string | null;
}

/** Messages read at a time. */
const PAGE = 256;

/**
 * The state that a character's turn in a room starts from: what its own last reply on the path left, with the counts of
 * what it heard since. What others' replies left is theirs: a variable that was set in a whisper is known to those who
 * heard it, who set it themselves when they read it.
 */
export async function readRoomTurnStart(
  db: Db,
  { conversationId, endId, view }: { conversationId: string; endId: string | null; view: RoomView },
): Promise<{ before: TurnState | null; counts: PathCounts }> {
  const heard: Step[] = [];
  let nextId = endId;
  while (nextId !== null) {
    const page = await readSteps(db, { conversationId, fromId: nextId, subjectId: view.viewer.subjectId });
    for (const step of page) {
      if (isOwnState(step, view)) {
        const before = turnStateSchema.parse(JSON.parse(step.body ?? ''));
        return { before, counts: add(before.counts, heard) };
      }
      if (isHeard(step, view)) heard.push(step);
    }
    nextId = page.at(-1)?.parentId ?? null;
  }
  return { before: null, counts: add({ all: 0, human: 0, character: 0, greeting: null }, heard) };
}

function isOwnState({ body, authorId, authorKind }: Step, { viewer }: RoomView): boolean {
  return body !== null && authorKind === viewer.kind && authorId === viewer.subjectId;
}

function isHeard({ isIn, audience, manner }: Step, view: RoomView): boolean {
  const heard = { audience: audienceSchema.parse(JSON.parse(audience)), manner: mannerSchema.parse(manner) };
  return isIn === 1 && hears(view, heard);
}

function add(counts: PathCounts, steps: readonly Step[]): PathCounts {
  const of = (kind: string) => steps.filter(({ authorKind }) => authorKind === kind).length;
  return {
    ...counts,
    all: counts.all + steps.length,
    human: counts.human + of('human'),
    character: counts.character + of('character'),
  };
}

/** Newest first, without words. */
async function readSteps(
  db: Db,
  { conversationId, fromId, subjectId }: { conversationId: string; fromId: string; subjectId: string },
): Promise<Step[]> {
  const found = await sql<Step>`
    with recursive "path" as (
      select m."id", m."parentId", m."authorKind", m."authorId", m."audience", m."manner", m."hidden", m."deletedAt",
        1 as "step"
      from "message" m where m."id" = ${fromId} and m."conversationId" = ${conversationId}
      union all
      select m."id", m."parentId", m."authorKind", m."authorId", m."audience", m."manner", m."hidden", m."deletedAt",
        p."step" + 1
      from "message" m join "path" p on m."id" = p."parentId" where p."step" < ${PAGE}
    ) select p."parentId", p."authorKind", p."authorId", p."audience", p."manner", t."body",
        case when p."hidden" = 0 and p."deletedAt" is null then 1 else 0 end as "isIn"
      from "path" p left join "turnState" t on t."messageId" = p."id" and p."authorId" = ${subjectId}
      order by p."step"`.execute(db);
  return found.rows;
}
