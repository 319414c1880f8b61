import type { TurnChoice } from '../../../../contract/rooms.ts';
import type { TurnView } from './turn-question.ts';

/** One after the other by place, from whoever spoke last on; once round after each human message. */
export function chooseFromList({ roster, free, lastCharacterId, mustSpeak, hasSpoken }: TurnView): TurnChoice | null {
  const from = lastCharacterId === null ? -1 : roster.indexOf(lastCharacterId);
  const inTurn = [...roster.slice(from + 1), ...roster.slice(0, from + 1)];
  const next = inTurn.flatMap((id) => free.find(({ participantId }) => participantId === id) ?? [])[0];
  if (!next || (!mustSpeak && hasSpoken(next))) return null;
  return { participantId: next.participantId, by: 'list', why: '' };
}
