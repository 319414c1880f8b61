import type { Clock } from '../base/clock.ts';
import type { NewId } from '../base/ids.ts';
import type { Db, Trx } from '../storage/storage.ts';

/** What happened, in the past of the house. Payloads carry ids and counts, never words or secrets. */
export type EventType =
  | 'conversation-create'
  | 'conversation-delete'
  | 'conversation-restore'
  | 'conversation-purge'
  | 'conversation-title'
  | 'message-commit'
  | 'message-edit'
  | 'message-delete'
  | 'message-restore'
  | 'message-hide'
  | 'message-show'
  | 'path-change'
  | 'reply-start'
  | 'tool-consent'
  | 'reply-end'
  | 'character-create'
  | 'character-update'
  | 'character-delete'
  | 'character-restore'
  | 'lorebook-create'
  | 'lorebook-update'
  | 'lorebook-delete'
  | 'lorebook-restore'
  | 'persona-create'
  | 'persona-update'
  | 'persona-delete'
  | 'persona-restore'
  | 'persona-choose'
  | 'world-create'
  | 'world-update'
  | 'world-delete'
  | 'world-restore'
  | 'world-choose'
  | 'world-fact-add'
  | 'world-fact-change'
  | 'world-fact-delete'
  | 'preset-create'
  | 'preset-update'
  | 'preset-delete'
  | 'preset-restore'
  | 'call-start'
  | 'call-end'
  | 'conversation-import'
  | 'memory-date-due'
  | 'memory-add'
  | 'memory-change'
  | 'memory-forget'
  | 'memory-import'
  | 'memory-pause'
  | 'memory-resume'
  | 'model-use'
  | 'budget-soft'
  | 'budget-hard'
  | 'user-purge';

export interface NewEvent {
  type: EventType;
  actorId: string | null;
  /** The conversation, character or user it happened to. */
  subjectId: string;
  payload: Record<string, string | number | boolean | null>;
}

export interface EventWriter {
  /** Joins the caller's transaction, so that a fact and its event are one. */
  append(trx: Trx, event: NewEvent): Promise<void>;
}

export function createEventWriter({ clock, newId }: { clock: Clock; newId: NewId }): EventWriter {
  return {
    append: async (trx, event) => {
      await trx
        .insertInto('event')
        .values({
          id: newId(),
          type: event.type,
          actorId: event.actorId,
          subjectId: event.subjectId,
          payload: JSON.stringify(event.payload),
          createdAt: clock.now(),
        })
        .execute();
    },
  };
}

/** Who deleted a message last, by the log; undefined where nobody did by itself. */
export async function readDeleter(
  db: Db,
  { conversationId, messageId }: { conversationId: string; messageId: string },
): Promise<string | null | undefined> {
  const row = await db
    .selectFrom('event')
    .select('actorId')
    .where('subjectId', '=', conversationId)
    .where('type', '=', 'message-delete')
    .where('payload', 'like', `%"messageId":"${messageId}"%`)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.actorId;
}

/** When the last event was written, or 0. */
export async function readNewestEventTime(db: Db): Promise<number> {
  const row = await db.selectFrom('event').select('createdAt').orderBy('sequence', 'desc').limit(1).executeTakeFirst();
  return row?.createdAt ?? 0;
}
