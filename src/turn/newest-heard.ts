import { readPathUp } from '../conversation/message-store.ts';
import type { MessageNode } from '../conversation/tree-types.ts';
import type { Db } from '../storage/storage.ts';
import { isKnown, type RoomView } from './room-view.ts';

/** Messages read at a time in a room, where many may not have been heard. */
const ROOM_PAGE = 64;

/** The newest messages of a path that a model may know of, oldest first; `pending` are newer than the path. */
export async function readNewestHeard(
  db: Db,
  {
    conversationId,
    endId,
    pending,
    limit,
    view,
  }: {
    conversationId: string;
    endId: string | null;
    pending?: readonly MessageNode[] | undefined;
    limit: number;
    /** Null where everybody hears everything. */
    view: RoomView | null;
  },
): Promise<MessageNode[]> {
  const found: MessageNode[] = (pending ?? []).filter((node) => isKnown(view, node));
  let nextId = endId;
  while (nextId !== null && found.length < limit) {
    const page: MessageNode[] = await readPathUp(db, {
      conversationId,
      fromId: nextId,
      limit: view === null ? limit : Math.max(limit, ROOM_PAGE),
    });
    found.unshift(...page.filter((node) => isKnown(view, node)));
    nextId = page[0]?.parentId ?? null;
  }
  return found.slice(-limit);
}
