import type { TurnChoice } from '../../../../contract/rooms.ts';
import { ConflictError } from '../../../base/errors.ts';
import type { ConversationRecord, MessageNode } from '../../../conversation/tree-types.ts';
import type { Db } from '../../../storage/storage.ts';
import type { TurnDirector } from '../../../turn/director/director.ts';
import { chooseTurn, directedRoom } from './choose-turn.ts';
import { readTurns } from './read-turns.ts';

interface SpokenChoice {
  conversation: ConversationRecord;
  director: TurnDirector;
  signal: AbortSignal;
}

/**
 * Who answers what a human says in a call, by the room's order; null where there is no room. Somebody who speaks is
 * always answered: in a room without an order as in one that goes naturally, and where all are muted by one of them.
 * Throws `ConflictError` (`nobody-next`).
 */
export async function chooseAnswerer(
  db: Db,
  { conversation, pending, director, signal }: SpokenChoice & { pending: MessageNode },
): Promise<TurnChoice | null> {
  const turns = await readTurns(db, conversation, pending);
  if (!turns) return null;
  const { settings, candidates, askable } = turns;
  const asked = {
    ...turns,
    settings: settings.turnOrder === 'manual' ? { ...settings, turnOrder: 'natural' as const } : settings,
    candidates: candidates.length > 0 ? candidates : askable,
  };
  const room = directedRoom(conversation, signal);
  const choice = await chooseTurn(asked, { director, room, mustSpeak: true });
  if (choice) return choice;
  throw new ConflictError('Nobody who is here can answer that: let somebody come in.', { code: 'nobody-next' });
}

/** Who follows after `replies` characters have answered a human in a call; null where nobody does. */
export async function chooseFollower(
  db: Db,
  { conversation, replies, director, signal }: SpokenChoice & { replies: number },
): Promise<TurnChoice | null> {
  const turns = await readTurns(db, conversation);
  if (!turns || replies >= turns.settings.mostReplies) return null;
  return chooseTurn(turns, { director, room: directedRoom(conversation, signal), mustSpeak: false });
}
