import type { StartReply } from '../../../contract/messages.ts';
import { InvalidInputError } from '../../base/errors.ts';
import { readMessage } from '../../conversation/message-store.ts';
import { textOf, type ConversationRecord, type MessageNode } from '../../conversation/tree-types.ts';
import type { LoreTrigger } from '../../lore/lore-types.ts';
import type { Trx } from '../../storage/storage.ts';
import type { Cast } from './cast.ts';
import type { NewNodes } from './new-nodes.ts';

/** A reply that is about to be written, and to what. */
export interface ReplyPlan {
  reply: MessageNode;
  trigger: LoreTrigger;
  endId: string | null;
  continueText: string | null;
}

/** Whether a reply may be asked for here, and what it begins from. */
export async function planReply(
  trx: Trx,
  {
    conversation,
    target,
    kind,
    cast,
    nodes,
  }: {
    conversation: ConversationRecord;
    target: MessageNode;
    kind: StartReply['kind'];
    cast: Cast;
    nodes: NewNodes;
  },
): Promise<ReplyPlan> {
  if (kind === 'answer') {
    if (target.author.kind !== 'human') {
      throw new InvalidInputError('Only a person’s message can be answered; continue or rewrite the character’s.', {
        field: 'messageId',
      });
    }
    if (target.id !== conversation.leafId) {
      throw new InvalidInputError('Only the last message can be answered; regenerate the reply after it instead.', {
        field: 'messageId',
      });
    }
    const reply = await nodes.reply(trx, { conversation, parent: target, cast });
    return { reply, trigger: 'normal', endId: target.id, continueText: null };
  }
  if (target.author.kind !== 'character') {
    throw new InvalidInputError('Only a character’s message can be written again or continued.', {
      field: 'messageId',
    });
  }
  const parent = target.parentId === null ? null : ((await readMessage(trx, target.parentId)) ?? null);
  const begun = kind === 'continue' ? textOf(target.parts) : '';
  // A reply without a word has nothing to go on from: it is written anew.
  if (begun === '') {
    const reply = await nodes.reply(trx, { conversation, parent, cast });
    return { reply, trigger: 'regenerate', endId: parent?.id ?? null, continueText: null };
  }
  const reply = {
    ...(await nodes.reply(trx, { conversation, parent, cast })),
    parts: [{ type: 'text', text: begun } as const],
  };
  return { reply, trigger: 'continue', endId: parent?.id ?? null, continueText: begun };
}
