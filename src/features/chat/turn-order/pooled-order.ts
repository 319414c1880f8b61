import type { TurnChoice } from '../../../../contract/rooms.ts';
import type { TurnView } from './turn-question.ts';

/** By chance among those silent since a human spoke; where somebody has to go on and all have spoken, among all. */
export function chooseFromPool({ free, mustSpeak, hasSpoken, random }: TurnView): TurnChoice | null {
  const silent = free.filter((candidate) => !hasSpoken(candidate));
  const pool = silent.length === 0 && mustSpeak ? free : silent;
  const chosen = pool[Math.floor(random() * pool.length)];
  return chosen ? { participantId: chosen.participantId, by: 'pooled', why: '' } : null;
}
