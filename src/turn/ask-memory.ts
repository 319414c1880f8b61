import type { Clock } from '../base/clock.ts';
import { readMessage, readPathUp } from '../conversation/message-store.ts';
import { readStage } from '../conversation/stage-store.ts';
import { textOf } from '../conversation/tree-types.ts';
import type { TurnMemory, TurnMemoryRequest } from '../memory/turn-memory.ts';
import type { Db } from '../storage/storage.ts';
import type { PromptMemory } from './choose-memories.ts';
import { readNewestHeard } from './newest-heard.ts';
import { isKnown, roomView } from './room-view.ts';
import type { TurnRequest } from './turn-request.ts';

/** Memory, and where the person lives in time. */
export interface MemoryOfTurns {
  memory: TurnMemory;
  /** IANA name. */
  timeZone: string;
}

/** Newest messages among which the question and what led to it are found. */
const NEWEST = 6;
/** How much what was said before the last words says of what is looked for. */
const EARLIER_WEIGHT = 0.35;
/** Messages before the last words that count, and how many characters of each: their ends lead to what is said next. */
const EARLIER = 2;
const EARLIER_LENGTH = 240;

/** What a turn asks of memory: what the person said last, and a little of what led to it. */
export async function askMemory({
  db,
  clock,
  memory: { memory, timeZone },
  request,
  onlySteady,
}: {
  db: Db;
  clock: Clock;
  memory: MemoryOfTurns;
  request: TurnRequest;
  onlySteady: boolean;
}): Promise<PromptMemory> {
  const { conversation, character, endId, card, userName, locale, spoken, signal } = request;
  return {
    memory,
    locale,
    clock,
    onlySteady,
    request: {
      pair: { ownerId: conversation.ownerId, characterId: character.id },
      standpoint: { conversationId: conversation.id, endId, alone: await isHeardByGuests(db, request) },
      texts: onlySteady ? [] : await readAskedTexts(db, request),
      names: [card.called, userName],
      timeZone,
      spoken: spoken !== undefined,
      signal,
    },
  };
}

/** True while guests are there: what the person said in other conversations is not theirs to hear. */
async function isHeardByGuests(db: Db, { room, endId }: TurnRequest): Promise<boolean> {
  const guests = room?.participants.filter(({ role, leftAt }) => role === 'guest' && leftAt === null) ?? [];
  if (!room || guests.length === 0) return false;
  const end = endId === null ? undefined : await readMessage(db, endId);
  const { present } = await readStage(db, { at: end, participants: room.participants });
  return guests.some(({ id }) => id in present);
}

/** The newest words of a person, and a little of what led to them. */
export async function readAskedTexts(
  db: Db,
  { conversation, endId, pending, room }: TurnRequest,
): Promise<TurnMemoryRequest['texts']> {
  const { id: conversationId } = conversation;
  const view = room === null ? null : roomView(room.speaker, room.settings.cardMode);
  const nodes =
    view === null
      ? [
          ...(endId === null ? [] : await readPathUp(db, { conversationId, fromId: endId, limit: NEWEST })),
          ...(pending ?? []),
        ]
      : await readNewestHeard(db, {
          conversationId,
          endId,
          pending,
          limit: NEWEST,
          view,
        });
  const said = nodes.filter((node) => isKnown(view, node) && textOf(node.parts).trim() !== '').toReversed();
  const last = said.findIndex(({ author }) => author.kind === 'human');
  const newest = said[last] ?? said[0];
  if (!newest) return [];
  // A greeting is the card's, and leads to nothing that was said.
  const earlier = said.filter((node) => node !== newest && node.parentId !== null).slice(0, EARLIER);
  return [
    { text: textOf(newest.parts), speaker: newest.author.name, weight: 1 },
    ...earlier.map(({ author, parts }) => ({
      text: textOf(parts).slice(-EARLIER_LENGTH).toWellFormed(),
      speaker: author.name,
      weight: EARLIER_WEIGHT,
    })),
  ];
}
