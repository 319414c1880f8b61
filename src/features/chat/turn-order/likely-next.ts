import { chooseFromList } from './list-order.ts';
import type { RoomTurns } from './read-turns.ts';
import { bySilence, viewQuestion } from './turn-question.ts';

/**
 * Who will probably answer the next thing a human says, without knowing what that is: the next of a list, else the most
 * talkative of those who were silent longest. Undefined where nobody may speak.
 */
export function likelyNext({ settings, candidates, said, roster }: RoomTurns): string | undefined {
  if (settings.turnOrder === 'list') {
    const question = { order: settings.turnOrder, roster, candidates, said, random: () => 0 };
    const view = viewQuestion({ ...question, allowSelfReplies: true, mustSpeak: true });
    return chooseFromList(view)?.participantId;
  }
  const [next] = bySilence(candidates, said).toSorted((left, right) => right.talkativeness - left.talkativeness);
  return next?.participantId;
}
