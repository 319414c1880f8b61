import type { ConversationRecord } from '../../../conversation/tree-types.ts';
import type { Db } from '../../../storage/storage.ts';
import { chooseFromList } from './list-order.ts';
import { readTurns } from './read-turns.ts';
import { bySilence, viewQuestion } from './turn-question.ts';

/**
 * Who will probably answer the next thing a human says, without knowing what that is: the next of a list, else the most
 * talkative of those who were silent longest. Undefined where there is no room or nobody may speak.
 */
export async function likelyNext(db: Db, conversation: ConversationRecord): Promise<string | undefined> {
  const turns = await readTurns(db, conversation);
  if (!turns) return undefined;
  const { settings, candidates, said, roster } = turns;
  if (settings.turnOrder === 'list') {
    const question = { order: settings.turnOrder, roster, candidates, said, random: () => 0 };
    const view = viewQuestion({ ...question, allowSelfReplies: true, mustSpeak: true });
    return chooseFromList(view)?.participantId;
  }
  const [next] = bySilence(candidates, said).toSorted((left, right) => right.talkativeness - left.talkativeness);
  return next?.participantId;
}
