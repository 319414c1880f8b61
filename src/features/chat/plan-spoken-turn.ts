import type { MessagePart } from '../../../contract/messages.ts';
import type { TurnChoice } from '../../../contract/rooms.ts';
import type { Actor } from '../../accounts/actor.ts';
import { textOf, type MessageNode } from '../../conversation/tree-types.ts';
import { sayWords } from '../../turn/said-words.ts';
import type { TurnState } from '../../turn/turn-state.ts';
import type { TurnDirector } from '../../turn/director/director.ts';
import { readCast } from './cast.ts';
import type { ChatContext } from './chat-context.ts';
import { NewNodes } from './new-nodes.ts';
import { requireSeat } from './require-message.ts';
import { readSpokenStage, type SpokenStage } from './spoken-stage.ts';
import { chooseAnswerer } from './turn-order/choose-spoken-turn.ts';

/** The messages of a spoken turn before they are kept, below the end of the path. */
export interface PlannedTurn {
  /** The cast is whose turn it is. */
  stage: SpokenStage;
  /** The end of the path below which it stands. */
  endId: string | null;
  /** What was to be said, before its macros spoke; null where a character follows another. */
  asked: string | null;
  /** Null where a character follows another. */
  message: MessageNode | null;
  /** The variables that it set, for the turns below it. */
  state: TurnState | null;
  reply: MessageNode;
  /** Who speaks and why; null where there is no room. */
  choice: TurnChoice | null;
}

export interface TurnToPlan {
  actor: Actor;
  conversationId: string;
  /** Null where a character follows another. */
  text: string | null;
  how: 'spoken' | 'typed';
  /** Who speaks, where that is known already. */
  choice: TurnChoice | null;
  director: TurnDirector;
  signal: AbortSignal;
  /** The plan that this one replaces: its messages keep their ids. */
  before?: PlannedTurn | null;
}

/** Finds the end of the path once it is free, and in rooms who speaks there. */
export async function planTurn(context: ChatContext, asked: TurnToPlan): Promise<PlannedTurn> {
  const { db } = context.storage;
  const { actor, conversationId, text, signal, before = null, director } = asked;
  const found = await readSpokenStage(context, { actor, conversationId, signal });
  const { conversation, leaf } = found;
  const nodes = new NewNodes(context);
  const heard = text === null ? null : await hearPerson(context, { asked, text, stage: found });
  const choice =
    before?.choice ??
    asked.choice ??
    (heard && (await chooseAnswerer(db, { conversation, pending: heard, director, signal })));
  const cast = choice ? await readCast(context, conversation, choice.participantId) : found.cast;
  const stage = { ...found, cast };
  const { message, state } = heard ? await speakMacros(context, { heard, stage }) : { message: null, state: null };
  const planned = await nodes.reply(db, { conversation, parent: message ?? leaf, cast });
  const reply = { ...planned, ...(before ? { id: before.reply.id } : {}) };
  return { stage, endId: leaf?.id ?? null, asked: text, message, state, reply, choice };
}

/** What the person says, word for word, with who hears it. */
async function hearPerson(
  context: ChatContext,
  {
    asked: { actor, conversationId, how, before = null },
    text,
    stage: { conversation, cast, leaf },
  }: { asked: TurnToPlan; text: string; stage: SpokenStage },
): Promise<MessageNode> {
  const { db } = context.storage;
  const { seat } = await requireSeat(db, { actor, id: conversationId });
  const nodes = new NewNodes(context);
  const id = before?.message ? { id: before.message.id } : {};
  return {
    ...nodes.blank(conversation, leaf),
    ...id,
    author: { kind: 'human', id: actor.userId, name: cast.userName },
    parts: [{ type: 'text', text }, ...(how === 'spoken' ? [HEARD] : [])],
    ...(await nodes.heard(db, { cast, parent: leaf, seat })),
  };
}

/** Tells whoever reads the plan that a recogniser heard the words; how they were said is known when they are kept. */
const HEARD: MessagePart = { type: 'voice', callId: null, recorded: false, durationInMs: 0, interrupted: false };

/** The same message as it will read, its macros spoken by the card of whoever answers. */
async function speakMacros(
  context: ChatContext,
  { heard, stage: { conversation, cast, leaf } }: { heard: MessageNode; stage: SpokenStage },
): Promise<{ message: MessageNode; state: TurnState | null }> {
  const text = textOf(heard.parts);
  const said = await sayWords(context.storage.db, {
    conversationId: conversation.id,
    leafId: leaf?.id ?? null,
    messageId: heard.id,
    now: heard.createdAt,
    text,
    card: cast.card,
    userName: cast.userName,
    locale: cast.locale,
  });
  const parts: MessagePart[] = [{ type: 'text', text: said.text.trim() === '' ? text : said.text }];
  return { message: { ...heard, parts }, state: said.state };
}
