import type { TurnChoice } from '../../../../contract/rooms.ts';
import { witnesses } from '../../../conversation/stage.ts';
import type { ConversationRecord } from '../../../conversation/tree-types.ts';
import type { DirectedLine } from '../../../turn/director/director-prompt.ts';
import type { DirectedRoom, TurnDirector } from '../../../turn/director/director.ts';
import { seededRandom } from '../../../turn/seeded-random.ts';
import { chooseNextSpeaker } from './choose-next-speaker.ts';
import type { RoomTurns } from './read-turns.ts';
import { viewQuestion, type TurnQuestion } from './turn-question.ts';

/** True where the room's model is asked whose turn it is: only where there is a choice. */
export function needsDirector(turns: RoomTurns, { mustSpeak }: { mustSpeak: boolean }): boolean {
  if (turns.settings.turnOrder !== 'director') return false;
  const { free } = viewQuestion(questionOf(turns, { mustSpeak }));
  return free.length > (mustSpeak ? 1 : 0) && turns.candidates.length > 1;
}

/** Whose turn it is without asking a model. Chance depends on the last message only. */
export function chooseByOrder(turns: RoomTurns, { mustSpeak }: { mustSpeak: boolean }): TurnChoice | null {
  return chooseNextSpeaker(questionOf(turns, { mustSpeak }));
}

/** Whose turn it is by the room's order, its director asked where it has one; null where nobody is next. */
export async function chooseTurn(
  turns: RoomTurns,
  { director, room, mustSpeak }: { director: TurnDirector; room: DirectedRoom; mustSpeak: boolean },
): Promise<TurnChoice | null> {
  if (!needsDirector(turns, { mustSpeak })) return chooseByOrder(turns, { mustSpeak });
  const { free } = viewQuestion(questionOf(turns, { mustSpeak }));
  const heard = heardByAll(turns);
  const nameOf = new Map(turns.participants.map(({ id, name }) => [id, name]));
  const directed = await director.direct(
    {
      locale: turns.locale,
      mustSpeak,
      candidates: free.map(({ participantId, names }) => ({
        participantId,
        name: nameOf.get(participantId) || names[0] || '',
        spoke: heard.filter((one) => one.participantId === participantId).length,
      })),
      lines: linesOf(heard),
    },
    room,
  );
  if (!directed) return chooseByOrder(turns, { mustSpeak });
  const { participantId, why } = directed;
  return participantId === null ? null : { participantId, by: 'director', why };
}

/** Whose director is asked, by which model, and until when. */
export function directedRoom({ id, ownerId, model }: ConversationRecord, signal: AbortSignal): DirectedRoom {
  return { conversationId: id, ownerId, modelRef: model, signal };
}

/** Lets a room's director read ahead, where it has one; what is said next costs it that line alone. */
export async function prepareDirector(
  turns: RoomTurns,
  { director, room }: { director: TurnDirector; room: DirectedRoom },
): Promise<void> {
  const { settings, candidates, locale } = turns;
  if (settings.turnOrder !== 'director' || candidates.length < 2) return;
  await director.prepare({ locale, lines: linesOf(heardByAll(turns)) }, room);
}

function linesOf(heard: RoomTurns['said']): DirectedLine[] {
  return heard
    .filter(({ text }) => text.trim() !== '')
    .map(({ node, text }) => ({ speaker: node.author.name, text, depth: node.depth }));
}

/** What all who may speak heard: a director knows no secret that one of them could learn from its choice. */
function heardByAll({ said, candidates, participants }: RoomTurns): RoomTurns['said'] {
  const ids = new Set(candidates.map(({ participantId }) => participantId));
  const there = participants.filter(({ id }) => ids.has(id));
  return said.filter(({ node }) => there.every((participant) => witnesses(node, participant)));
}

function questionOf(
  { settings, roster, candidates, said, leaf }: RoomTurns,
  { mustSpeak }: { mustSpeak: boolean },
): TurnQuestion {
  const { turnOrder: order, allowSelfReplies } = settings;
  return { order, roster, candidates, said, allowSelfReplies, mustSpeak, random: seededRandom(leaf?.id ?? '') };
}
