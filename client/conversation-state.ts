import type { Conversation, ConversationEvent, StreamingReply } from '../contract/conversations.ts';
import type { Message, MessagePage, SentMessage } from '../contract/messages.ts';
import { growthOfParts, withTool } from '../contract/reply-parts.ts';
import type { Presence, RoomRun } from '../contract/rooms.ts';
import type { ApiError } from './api-error.ts';
import { shownAbove, toldSince, untold, type Asked } from './asked-since.ts';
import { changeMany } from './change-many.ts';
import { changePending, matchPending, startSend, type StartSend } from './pending-sends.ts';
import type { ConnectionState } from './watch-conversation.ts';

/**
 * A message written here and not yet confirmed. `waiting` for its turn or the network, `sending` while it is tried;
 * `failed` when the server refused it, then `waiting` again by a retry with the same `clientId`, or gone when discarded.
 */
export interface PendingSend {
  clientId: string;
  text: string;
  /** Files that go with it. */
  attachments: readonly string[];
  /** Who is to hear it, by participant; none = an aside. Absent = everybody there. */
  to?: readonly string[];
  /** Characters that are to answer. */
  speakers?: readonly string[];
  createdAt: number;
  state: 'waiting' | 'sending' | 'failed';
  error: ApiError | null;
  /** The committed message, when its event came before the answer to the send. */
  messageId: string | null;
}

/** What one looker knows of a conversation. `path` is the loaded end of the active path, oldest first. */
export interface ConversationState {
  conversation: Conversation | null;
  known: ReadonlyMap<string, Message>;
  leafId: string | null;
  revision: number;
  path: readonly Message[];
  /** Where the loaded part of the path ends when that is not the path's own end; null = it reaches to the end. */
  windowEndId: string | null;
  /** True once a page was read. */
  loaded: boolean;
  /** When what is shown was kept on this device (epoch ms), until the server's own is read; null = it is the server's. */
  keptAt: number | null;
  /** True while the active path's end is not known here: the newest page must be read again. */
  stale: boolean;
  /** What was told: nothing before a snapshot, then all; after a later one there is a gap until a page is read. */
  told: 'nothing' | 'all' | 'gap';
  streaming: ReadonlyMap<string, StreamingReply>;
  pending: readonly PendingSend[];
  /** The end of the path that was shown before somebody else moved it away from there; null = it was not moved. */
  elsewhere: string | null;
  /** Humans who have the conversation open. */
  presence: readonly Presence[];
  /** Who is next in a room; null where nobody said. */
  run: RoomRun | null;
  connection: ConnectionState;
  connectionError: ApiError | null;
  /** Why the newest page could not be read. */
  pageError: ApiError | null;
  deleted: boolean;
}

/** A conversation as a device keeps it, to be read without a network. `messages`: the end of the path, oldest first. */
export interface KeptConversation {
  conversation: Conversation;
  messages: readonly Message[];
  /** Epoch milliseconds. */
  keptAt: number;
}

export type ConversationAction =
  | { type: 'kept-load'; kept: KeptConversation }
  | ({ type: 'page-load'; page: MessagePage; older: boolean } & Asked)
  | ({ type: 'window-load'; page: MessagePage } & Asked)
  | { type: 'window-close' }
  | { type: 'page-fail'; error: ApiError }
  | { type: 'event'; event: ConversationEvent }
  | { type: 'connection-change'; state: ConnectionState; error: ApiError | null }
  | { type: 'conversation-load'; conversation: Conversation }
  | ({ type: 'messages-load'; messages: readonly Message[]; revision: number; leafId?: string | undefined } & Asked)
  | { type: 'messages-change'; messages: readonly Message[] }
  | { type: 'path-move'; revision: number }
  | { type: 'path-accept' }
  | ({ type: 'send-start' } & StartSend)
  | { type: 'send-wait'; clientId: string; error: ApiError | null }
  | { type: 'send-end'; clientId: string; sent: SentMessage }
  | { type: 'send-fail'; clientId: string; error: ApiError }
  | { type: 'send-discard'; clientId: string };

export const emptyConversationState: ConversationState = {
  conversation: null,
  known: new Map(),
  leafId: null,
  revision: -1,
  path: [],
  windowEndId: null,
  loaded: false,
  keptAt: null,
  stale: false,
  told: 'nothing',
  streaming: new Map(),
  pending: [],
  elsewhere: null,
  presence: [],
  run: null,
  connection: 'connecting',
  connectionError: null,
  pageError: null,
  deleted: false,
};

/** Messages on the whole active path, loaded or not. */
export function pathTotal(state: ConversationState): number {
  const last = state.path.at(-1);
  const shown = last === undefined ? 0 : last.depth + 1;
  return state.windowEndId === null ? shown : Math.max(shown, state.conversation?.messageCount ?? 0);
}

/** True where the loaded part ends before the path does: the reader went back to an old message. */
export function hasNewer(state: ConversationState): boolean {
  return state.windowEndId !== null;
}

export function hasOlder(state: ConversationState): boolean {
  return (state.path[0]?.parentId ?? null) !== null;
}

/** Sends to show after the path: those whose committed message is not there yet. */
export function visiblePending(state: ConversationState): readonly PendingSend[] {
  return state.pending.filter(
    (send) => send.state === 'failed' || send.messageId === null || !state.known.has(send.messageId),
  );
}

export function reduceConversation(state: ConversationState, action: ConversationAction): ConversationState {
  switch (action.type) {
    case 'kept-load':
      return loadKept(state, action.kept);
    case 'page-load':
      return loadPage(state, action);
    case 'window-load':
      return loadWindow(state, action);
    case 'window-close':
      return withPath({ ...state, windowEndId: null });
    case 'page-fail':
      // Not stale any more: the next event or the reader's own retry asks again, not a loop.
      return { ...state, stale: false, pageError: action.error };
    case 'event':
      return reduceEvent(state, action.event);
    case 'connection-change':
      return { ...state, connection: action.state, connectionError: action.error };
    case 'conversation-load':
      return moveTo({ ...state, conversation: action.conversation }, action.conversation);
    case 'messages-load':
      return moveTo(withMessages(state, untold(state.known, action.messages, action.since)), action);
    case 'messages-change':
      return withPath(withMessages(state, action.messages));
    case 'path-move':
      // The answer tells that the path moved but not where its end is; the newest page does.
      return action.revision > state.revision ? { ...state, windowEndId: null, stale: true } : state;
    case 'path-accept':
      return state.elsewhere === null ? state : { ...state, elsewhere: null };
    case 'send-start':
      return startSend(state, action);
    case 'send-end':
      return endSend(state, action.clientId, action.sent);
    case 'send-wait':
      return changePending(state, action.clientId, { state: 'waiting', error: action.error });
    case 'send-fail':
      return changePending(state, action.clientId, { state: 'failed', error: action.error });
    case 'send-discard':
      return { ...state, pending: state.pending.filter((send) => send.clientId !== action.clientId) };
    default:
      return action satisfies never;
  }
}

/** Shows what is kept until the server answers; any word of the server takes its place. */
function loadKept(state: ConversationState, { conversation, messages, keptAt }: KeptConversation): ConversationState {
  if (state.loaded || state.conversation !== null) return state;
  const known = new Map(messages.map((message) => [message.id, message]));
  return withPath({ ...state, conversation, known, leafId: messages.at(-1)?.id ?? null, keptAt });
}

function loadPage(
  state: ConversationState,
  { page, older, since }: Extract<ConversationAction, { type: 'page-load' }>,
): ConversationState {
  // What was kept, or known before a gap, may have changed or be gone: nothing of it stays beside what the server says.
  const isDoubtful = state.keptAt !== null || (state.told === 'gap' && !older && state.windowEndId === null);
  const known = isDoubtful ? toldSince(state.known, since) : new Map(state.known);
  if (state.told === 'gap' && isDoubtful)
    for (const one of shownAbove(state.path, page.messages)) known.set(one.id, one);
  const messages = untold(state.known, page.messages, since);
  const next = withMessages({ ...state, known, keptAt: null, loaded: true, pageError: null }, messages);
  if (older) return withPath(next);
  // It was read before something that was told meanwhile: where that led is not all known here.
  const told = state.told === 'gap' ? 'all' : state.told;
  if (page.revision < state.revision) return { ...withPath({ ...next, told }), stale: true };
  const loadedPage = withPath({ ...next, told, leafId: page.messages.at(-1)?.id ?? null, revision: page.revision });
  // Of a reply that nobody told of, the end may have been told before anybody listened here.
  const isUntold = [...next.streaming.keys()].some((id) => !state.streaming.has(id));
  return isUntold && state.connection === 'live' ? { ...loadedPage, stale: true } : loadedPage;
}

/** A part of the path around or after an old message; it joins the end where it reaches what is known of that. */
function loadWindow(
  state: ConversationState,
  { page, since }: Extract<ConversationAction, { type: 'window-load' }>,
): ConversationState {
  const next = withMessages(state, untold(state.known, page.messages, since));
  const end = page.messages.at(-1)?.id ?? state.windowEndId;
  const reaches = end === null || !page.hasNewer || walkUp(next, next.leafId).some(({ id }) => id === end);
  return withPath({ ...next, windowEndId: reaches ? null : end });
}

function reduceEvent(state: ConversationState, event: ConversationEvent): ConversationState {
  switch (event.type) {
    case 'conversation-snapshot':
      return takeSnapshot(state, event);
    case 'conversation-change':
      return moveTo({ ...state, conversation: event.conversation }, event.conversation);
    case 'conversation-delete':
      return { ...state, deleted: true };
    case 'author-rename':
      return renameAuthor(state, event);
    case 'message-commit':
      return withPath(matchPending(withMessages(state, [event.message]), event.message));
    case 'message-change':
      return withPath(withMessages(state, [event.message]));
    case 'messages-change': {
      const next = withPath({ ...state, known: changeMany(state.known, event) });
      // Restored words are read again.
      return event.change === 'restore' ? { ...next, stale: true } : next;
    }
    case 'reply-start':
      return withPath(withMessages(state, [event.message]));
    case 'prompt-progress': {
      const { evaluated, reused, total } = event;
      return changeStreaming(state, event.messageId, (reply) => ({ ...reply, progress: { evaluated, reused, total } }));
    }
    // Whoever writes has read; behind a tool's result it is told anew.
    case 'text-delta':
      return changeStreaming(state, event.messageId, (reply) => ({
        ...reply,
        text: reply.text + event.text,
        progress: null,
      }));
    case 'reasoning-delta':
      return changeStreaming(state, event.messageId, (reply) => ({
        ...reply,
        reasoning: reply.reasoning + event.text,
        progress: null,
      }));
    case 'tool-change': {
      const { at, part } = event;
      return changeStreaming(state, event.messageId, (reply) => ({
        ...reply,
        tools: withTool(reply.tools, { at, part }),
      }));
    }
    case 'reply-end':
      return withPath(withMessages(state, [event.message]));
    case 'presence-change':
      return { ...state, presence: event.presence };
    case 'room-run':
      return { ...state, run: event.run };
    default:
      return event satisfies never;
  }
}

/**
 * A reconnected watcher may have missed anything: what is shown stays until it is read again, all else is unknown. So
 * are replies that ended meanwhile.
 */
function takeSnapshot(
  state: ConversationState,
  snapshot: Extract<ConversationEvent, { type: 'conversation-snapshot' }>,
): ConversationState {
  const { conversation, presence, run } = snapshot;
  const streaming = new Map(snapshot.streaming.map((reply) => [reply.messageId, reply]));
  const isGap = state.told !== 'nothing';
  const kept = isGap ? state.path : [...state.known.values()];
  const open = kept.filter((message) => message.state !== 'streaming' || streaming.has(message.id));
  const known = new Map(open.map((message) => [message.id, message]));
  const missed = isGap || open.length < kept.length || (state.loaded && conversation.revision !== state.revision);
  const told = isGap ? 'gap' : 'all';
  const next = moveTo({ ...state, known, told, conversation, streaming, presence, run }, conversation);
  return missed ? { ...next, stale: true } : next;
}

/** Adopts a path's end unless a newer one is known. */
function moveTo(
  state: ConversationState,
  { leafId, revision }: { leafId?: string | null | undefined; revision: number },
): ConversationState {
  if (revision < state.revision || leafId === undefined) return withPath(state);
  const goesOn = leafId === state.leafId || walkUp(state, leafId).some(({ id }) => id === state.leafId);
  const windowEndId = goesOn ? state.windowEndId : null;
  return withPath({ ...state, leafId, revision, windowEndId });
}

function withMessages(state: ConversationState, messages: readonly Message[]): ConversationState {
  const known = new Map(state.known);
  const streaming = new Map(state.streaming);
  for (const message of messages) {
    const before = known.get(message.id);
    // A late answer must not reopen a reply whose end was already seen.
    if (message.state === 'streaming' && before !== undefined && before.state !== 'streaming') continue;
    known.set(message.id, message);
    shareSiblings(known, message);
    if (message.state !== 'streaming') streaming.delete(message.id);
    else if (!streaming.has(message.id)) streaming.set(message.id, startStreaming(message));
  }
  return { ...state, known, streaming };
}

function startStreaming(message: Message): StreamingReply {
  const { text, reasoning, tools } = growthOfParts(message.parts);
  return { messageId: message.id, text, reasoning, tools: [...tools], progress: null };
}

/**
 * A new sibling makes the others' lists longer, and a deleted one shorter; the server tells only the changed one's. A
 * deleted message stays in its own list.
 */
function shareSiblings(known: Map<string, Message>, message: Message): void {
  for (const id of message.siblings) {
    const sibling = known.get(id);
    if (sibling === undefined || id === message.id) continue;
    const siblings = message.deleted
      ? sibling.siblings.filter((other) => other !== message.id)
      : sibling.siblings.length < message.siblings.length
        ? message.siblings
        : sibling.siblings;
    if (siblings.length !== sibling.siblings.length) known.set(id, { ...sibling, siblings });
  }
}

/** Walks from the path's end, or that of the part that is shown, towards the root as far as messages are known. */
function withPath(state: ConversationState): ConversationState {
  const stale = state.leafId !== null && !state.known.has(state.leafId);
  // Until the missing end is read, the path as it was is better than an empty page.
  if (stale && state.windowEndId === null) return { ...state, stale: true };
  return { ...state, path: walkUp(state, state.windowEndId ?? state.leafId), stale };
}

/** From a message up, oldest first. */
function walkUp({ known }: ConversationState, fromId: string | null): Message[] {
  const path: Message[] = [];
  for (let id = fromId; id !== null;) {
    const message = known.get(id);
    if (message === undefined) break;
    path.push(message);
    id = message.parentId;
  }
  return path.reverse();
}

/** What an author said stands under another name now; the words are the same. */
function renameAuthor(
  state: ConversationState,
  { authorId, name }: { authorId: string; name: string },
): ConversationState {
  const theirs = [...state.known.values()].filter(({ author }) => author.id === authorId);
  return withPath(
    withMessages(
      state,
      theirs.map((message) => ({ ...message, author: { ...message.author, name } })),
    ),
  );
}

function changeStreaming(
  state: ConversationState,
  messageId: string,
  change: (reply: StreamingReply) => StreamingReply,
): ConversationState {
  const before = state.streaming.get(messageId);
  // Deltas of a reply whose end was seen, or whose start was not, say nothing reliable.
  if (before === undefined) return state;
  const streaming = new Map(state.streaming);
  streaming.set(messageId, change(before));
  return { ...state, streaming };
}

/**
 * The path goes on with what was sent where it ended when that was said, unless more was told than the answer knows:
 * it may have been asked again, after others led elsewhere. Its revision is not adopted for the same reason; the event
 * of the commit tells which end belongs to which revision.
 */
function endSend(
  state: ConversationState,
  clientId: string,
  { message, reply, revision }: SentMessage,
): ConversationState {
  // Whatever is known of them already was told, and is newer than an answer that may have been lost once.
  const next = withMessages(state, untold(state.known, reply === null ? [message] : [message, reply], new Map()));
  const pending = state.pending.filter((send) => send.clientId !== clientId);
  const follows = message.parentId === state.leafId || message.id === state.leafId;
  const goesOn = follows && revision > state.revision;
  return withPath({ ...next, pending, ...(goesOn && { leafId: reply?.id ?? message.id }) });
}
