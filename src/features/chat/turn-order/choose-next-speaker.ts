import type { TurnChoice, TurnOrder } from '../../../../contract/rooms.ts';
import { chooseFromList } from './list-order.ts';
import { chooseNaturally } from './natural-order.ts';
import { chooseFromPool } from './pooled-order.ts';
import { viewQuestion, type TurnQuestion, type TurnView } from './turn-question.ts';

const CHOICES: Record<Exclude<TurnOrder, 'manual'>, (view: TurnView) => TurnChoice | null> = {
  natural: chooseNaturally,
  director: chooseNaturally,
  list: chooseFromList,
  pooled: chooseFromPool,
};

/**
 * Whose turn it is by a room's order; null where nobody is next. A director is asked elsewhere (`turn/director`):
 * here its room goes naturally, which is what it falls back on.
 */
export function chooseNextSpeaker(question: TurnQuestion): TurnChoice | null {
  const view = viewQuestion(question);
  const [only, ...others] = view.free;
  if (question.order === 'manual' || !only) return null;
  if (others.length === 0 && question.candidates.length === 1) {
    return view.mustSpeak || !view.hasSpoken(only)
      ? { participantId: only.participantId, by: 'only-one', why: '' }
      : null;
  }
  return CHOICES[question.order](view);
}
