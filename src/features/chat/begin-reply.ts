import type { Message } from '../../../contract/messages.ts';
import type { TurnChoice } from '../../../contract/rooms.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import { turnOf, type Cast } from './cast.ts';
import type { ChatContext } from './chat-context.ts';
import type { ReplyPlan } from './plan-reply.ts';
import { presentMessage } from './present-message.ts';
import type { ReplyRunner } from './reply-runner.ts';

/** A reply whose row is there, in whose conversation, by whom, and in rooms why. */
export interface PlannedReply {
  conversation: ConversationRecord;
  cast: Cast;
  plan: ReplyPlan;
  turn: TurnChoice | null;
}

/** Watchers hear of a reply before its first word; it runs even if telling them failed. */
export async function beginReply(
  { storage, live }: Pick<ChatContext, 'storage' | 'live'>,
  runner: ReplyRunner,
  planned: PlannedReply,
): Promise<Message> {
  const { reply } = planned.plan;
  try {
    const message = await presentMessage(storage.db, reply);
    live.publish(reply.conversationId, { type: 'reply-start', message });
    return message;
  } finally {
    runReply(runner, planned);
  }
}

export function runReply(runner: ReplyRunner, { conversation, cast, plan, turn }: PlannedReply): void {
  runner.start({ ...plan, conversation, ...turnOf(cast), turn });
}
