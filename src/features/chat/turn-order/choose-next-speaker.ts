import type { TurnChoice } from '../../../../contract/rooms.ts';
import { chooseFromList } from './list-order.ts';
import { chooseNaturally } from './natural-order.ts';
import { chooseFromPool } from './pooled-order.ts';
import { viewQuestion, type TurnQuestion } from './turn-question.ts';

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
  switch (question.order) {
    case 'natural':
    case 'director':
      return chooseNaturally(view);
    case 'list':
      return chooseFromList(view);
    case 'pooled':
      return chooseFromPool(view);
  }
}
