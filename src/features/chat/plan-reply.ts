import type { MessagePart, StartReply } from '../../../contract/messages.ts';
import { endCalls } from '../../../contract/reply-parts.ts';
import { InvalidInputError } from '../../base/errors.ts';
import { readMessage } from '../../conversation/message-store.ts';
import { readStage } from '../../conversation/stage-store.ts';
import { textOf, type ConversationRecord, type MessageNode } from '../../conversation/tree-types.ts';
import type { LoreTrigger } from '../../lore/lore-types.ts';
import type { Trx } from '../../storage/storage.ts';
import type { Commission } from '../../turn/turn-request.ts';
import type { Cast } from './cast.ts';
import type { NewNodes } from './new-nodes.ts';

/** A reply that is about to be written, and to what. */
export interface ReplyPlan {
  reply: MessageNode;
  trigger: LoreTrigger;
  endId: string | null;
  continueText: string | null;
  commission?: Commission;
}

interface Asked {
  conversation: ConversationRecord;
  target: MessageNode;
  kind: StartReply['kind'];
  cast: Cast;
  nodes: NewNodes;
  /** What a reply that goes on begins with; absent = the words and calls of the one that is continued. */
  begun?: readonly MessagePart[] | undefined;
}

/** Whether a reply may be asked for here, and what it begins from. */
export function planReply(trx: Trx, asked: Asked): Promise<ReplyPlan> {
  return asked.kind === 'answer' || asked.kind === 'speak' ? planNextReply(trx, asked) : planOtherReply(trx, asked);
}

/** Below the path's end. */
async function planNextReply(trx: Trx, { conversation, target, kind, cast, nodes }: Asked): Promise<ReplyPlan> {
  if (kind === 'answer' && target.author.kind !== 'human') {
    throw new InvalidInputError('Only a person’s message can be answered; continue or rewrite the character’s.', {
      field: 'messageId',
    });
  }
  if (kind === 'speak' && cast.room === null) {
    throw new InvalidInputError('Only in a room can somebody go on: add a character, or write something yourself.', {
      field: 'kind',
    });
  }
  if (target.id !== conversation.leafId) {
    throw new InvalidInputError('Only the last message can be answered; regenerate the reply after it instead.', {
      field: 'messageId',
    });
  }
  await requirePresent(trx, { cast, parent: target });
  const reply = await nodes.reply(trx, { conversation, parent: target, cast });
  return { reply, trigger: 'normal', endId: target.id, continueText: null };
}

/** Beside a reply that is there. */
async function planOtherReply(
  trx: Trx,
  { conversation, target, kind, cast, nodes, ...asked }: Asked,
): Promise<ReplyPlan> {
  if (target.author.kind !== 'character') {
    throw new InvalidInputError('Only a character’s message can be written again or continued.', {
      field: 'messageId',
    });
  }
  const isOwn = cast.character.id === target.author.id;
  if (kind === 'continue' && !isOwn && cast.room !== null) {
    throw new InvalidInputError('Only whoever began a message can go on with it: let the other write it anew.', {
      field: 'participantId',
    });
  }
  const parent = target.parentId === null ? null : ((await readMessage(trx, target.parentId)) ?? null);
  if (!isOwn) await requirePresent(trx, { cast, parent });
  const parts = kind === 'continue' ? (asked.begun ?? begunParts(target)) : [];
  const begun = textOf(parts);
  // A reply without a word has nothing to go on from: it is written anew.
  if (begun === '' && !asked.begun) {
    const reply = await nodes.reply(trx, { conversation, parent, cast });
    return { reply, trigger: 'regenerate', endId: parent?.id ?? null, continueText: null };
  }
  const reply = {
    ...(await nodes.reply(trx, { conversation, parent, cast })),
    parts: [...parts],
  };
  return { reply, trigger: 'continue', endId: parent?.id ?? null, continueText: begun };
}

/** What a reply that goes on begins with: the words, and the calls of tools among them with what they gave. */
export function begunParts({ parts }: Pick<MessageNode, 'parts'>): MessagePart[] {
  return endCalls(parts.filter(({ type }) => type === 'text' || type === 'tool'));
}

/** Muted or not, whoever speaks in a room has to be there. */
async function requirePresent(
  trx: Trx,
  { cast: { room, speaker, participants }, parent }: { cast: Cast; parent: MessageNode | null },
): Promise<void> {
  if (room === null || speaker === null) return;
  const stage = await readStage(trx, { at: parent, participants });
  if (speaker.id in stage.present) return;
  throw new InvalidInputError(`${speaker.name} is not there: let them come in first.`, { field: 'participantId' });
}
