import type { Actor } from '../../accounts/actor.ts';
import type { MessageNode } from '../../conversation/tree-types.ts';
import { sayWords } from '../../turn/said-words.ts';
import type { TurnState } from '../../turn/turn-state.ts';
import type { ChatContext } from './chat-context.ts';
import { NewNodes } from './new-nodes.ts';
import { requireSeat } from './require-message.ts';
import { readSpokenStage, type SpokenStage } from './spoken-stage.ts';

/** The two messages of a spoken turn before they are kept, below the end of the path. */
export interface PlannedTurn {
  stage: SpokenStage;
  /** What was to be said, before its macros spoke. */
  asked: string;
  message: MessageNode;
  /** The variables that it set, for the turns below it. */
  state: TurnState | null;
  reply: MessageNode;
}

/** Finds the end of the path once it is free. `ids`: of the plan that this one replaces. */
export async function planTurn(
  context: ChatContext,
  {
    actor,
    conversationId,
    text,
    signal,
    ids = null,
  }: {
    actor: Actor;
    conversationId: string;
    text: string;
    signal: AbortSignal;
    ids?: PlannedTurn | null;
  },
): Promise<PlannedTurn> {
  const stage = await readSpokenStage(context, { actor, conversationId, signal });
  const { conversation, cast, leaf } = stage;
  const { card, userName, locale } = cast;
  const { seat } = await requireSeat(context.storage.db, { actor, id: conversationId });
  const nodes = new NewNodes(context);
  const blank = { ...nodes.blank(conversation, leaf), ...(ids ? { id: ids.message.id } : {}) };
  const said = await sayWords(context.storage.db, {
    conversationId,
    leafId: leaf?.id ?? null,
    messageId: blank.id,
    now: blank.createdAt,
    text,
    card,
    userName,
    locale,
  });
  const message: MessageNode = {
    ...blank,
    author: { kind: 'human', id: actor.userId, name: userName },
    parts: [{ type: 'text', text: said.text.trim() === '' ? text : said.text }],
    ...(await nodes.heard(context.storage.db, { cast, parent: leaf, seat })),
  };
  const planned = await nodes.reply(context.storage.db, { conversation, parent: message, cast });
  const reply = { ...planned, ...(ids ? { id: ids.reply.id } : {}) };
  return { stage, asked: text, message, state: said.state, reply };
}
