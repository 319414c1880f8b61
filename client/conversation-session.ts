import type { ChangedMessages, ChangeMessages, MessageSelection } from '../contract/branches.ts';
import type { Message, MessagePage, SentMessage } from '../contract/messages.ts';
import { ApiError } from './api-error.ts';
import { toldSince } from './asked-since.ts';
import { emptyConversationState, hasNewer, hasOlder, reduceConversation } from './conversation-state.ts';
import type { ConversationAction, ConversationState, KeptConversation, PendingSend } from './conversation-state.ts';
import type { ApiClient, QueryValues } from './create-client.ts';
import { messageText } from './message-text.ts';
import { Outbox, type OutboxEvent } from './outbox.ts';
import { createMemoryOutboxStorage } from './outbox-storage.ts';
import { PathMoves } from './path-moves.ts';
import { watchConversation, type WatchOptions } from './watch-conversation.ts';

export interface ConversationSessionOptions {
  client: ApiClient;
  conversationId: string;
  newId: () => string;
  now: () => number;
  /** Messages per page. */
  pageSize?: number;
  onWake?: (wake: () => void) => () => void;
  /** Between attempts to follow it, ms; those of `watchConversation` by default. */
  reconnect?: Pick<WatchOptions, 'firstDelay' | 'lastDelay'>;
  /** Reads what the device kept of the conversation; shown until the server answers. */
  readKept?: () => Promise<KeptConversation | null>;
  /** Where what is written here waits for the server; by default one that lives as long as the session. */
  outbox?: Outbox;
}

/** How a message is sent; `clientId` of one that is pending sends that one again. */
export interface SendOptions extends Partial<Pick<PendingSend, 'clientId' | 'attachments' | 'to' | 'speakers'>> {
  /** False lets what is being written go on; absent, it is stopped. */
  interrupts?: boolean;
}

/** After this many ms without word of the stopped reply's end, the server is asked anyway and decides. */
const INTERRUPT_PATIENCE = 5_000;

/** Times a page is read again where it was older than what was told meanwhile; whoever still is behind then says so. */
const PAGE_TRIES = 3;

/** Messages that the server gives at once. */
const LONGEST_PAGE = 200;

type MessageRoute = 'deleteMessage' | 'restoreMessage' | 'hideMessage' | 'showMessage';
type ReplyKind = 'regenerate' | 'continue' | 'answer' | 'speak';

/**
 * A live look at one conversation: its state, that state's changes, and what can be done with it. `open` starts the
 * event stream and reads the newest page; disposing closes both. Actions reject with `ApiError`.
 */
export class ConversationSession implements Disposable {
  readonly #options: ConversationSessionOptions;
  readonly #params: { id: string };
  readonly #pageSize: number;
  readonly #life = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #outbox: Outbox;
  readonly #ownOutbox: Outbox | null;
  readonly #stopOutbox: () => void;
  readonly #moves = new PathMoves();
  #state: ConversationState = emptyConversationState;
  #olderPage: Promise<void> | null = null;
  #newerPage: Promise<void> | null = null;
  #newestPage: Promise<void> | null = null;
  /** What was known when the newest page was asked for. */
  #newestSince: ConversationState['known'] = new Map();
  /** True where that page was asked for too early: it is read again. */
  #newestAgain = false;
  #turn: Promise<unknown> = Promise.resolve();
  /** The newest revision that an answer told; the state follows when the page is read. */
  #lastRevision = -1;

  constructor(options: ConversationSessionOptions) {
    this.#options = options;
    this.#params = { id: options.conversationId };
    this.#pageSize = options.pageSize ?? 50;
    this.#outbox = options.outbox ?? new Outbox({ ...options, storage: createMemoryOutboxStorage() });
    this.#ownOutbox = options.outbox ? null : this.#outbox;
    this.#stopOutbox = this.#outbox.subscribe((event) => this.#hearOutbox(event));
  }

  open(): void {
    for (const message of this.#outbox.of(this.#options.conversationId)) {
      this.#hearOutbox({ type: message.state === 'refused' ? 'message-refuse' : 'message-wait', message });
    }
    void this.#ownOutbox?.open();
    void this.#showKept();
    void this.#watch();
    void this.reload();
  }

  [Symbol.dispose](): void {
    this.#life.abort();
    this.#stopOutbox();
    this.#ownOutbox?.[Symbol.dispose]();
    this.#listeners.clear();
  }

  readonly getState = (): ConversationState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads the newest page again; a failure is shown as `connectionError` and waits for the next event. */
  reload(): Promise<void> {
    this.#newestPage ??= this.#readNewest();
    return this.#newestPage;
  }

  loadOlder(): Promise<void> {
    this.#olderPage ??= this.#readOlder().finally(() => (this.#olderPage = null));
    return this.#olderPage;
  }

  /** Goes on towards the end after the reader went back to an old message. */
  loadNewer(): Promise<void> {
    this.#newerPage ??= this.#readNewer().finally(() => (this.#newerPage = null));
    return this.#newerPage;
  }

  /**
   * Shows the part of the path around a message, however far back it is. A message of another branch is not gone to:
   * its surroundings are handed back, and the reader decides whether the path moves.
   */
  async seek(messageId: string): Promise<MessagePage> {
    const { page, since } = await this.#readPage({ around: messageId });
    if (page.onPath) this.#dispatch({ type: 'window-load', page, since });
    return page;
  }

  /** Back to the path's end. */
  returnToEnd(): void {
    this.#dispatch({ type: 'window-close' });
  }

  /**
   * Shows the text at once and gives it to the outbox; resolves once it was sent, refused or waits for the network,
   * all of which `pending` shows, and does not reject. A reply still being written is stopped first: who speaks
   * interrupts.
   */
  async send(text: string, options: SendOptions = {}): Promise<void> {
    const { clientId = this.#options.newId(), attachments = [], to, speakers, interrupts = true } = options;
    const { conversationId } = this.#options;
    this.returnToEnd();
    this.acceptPath();
    const message = { clientId, conversationId, text, attachments, ...(to && { to }), ...(speakers && { speakers }) };
    await this.#outbox.post(message, interrupts ? () => this.#interrupt() : undefined);
  }

  /** Stays where somebody else led. */
  acceptPath(): void {
    this.#dispatch({ type: 'path-accept' });
  }

  discard(clientId: string): void {
    void this.#outbox.discard(clientId);
    this.#dispatch({ type: 'send-discard', clientId });
  }

  /** `participantId` is who speaks; absent = the one who spoke before, or whose turn it is. */
  async startReply(kind: ReplyKind, messageId: string, participantId?: string): Promise<void> {
    const body = { kind, messageId, ...(participantId !== undefined && { participantId }) };
    const since = this.#state.known;
    const call = this.#client.call('startReply', { params: this.#params, body });
    const { reply, revision } = await this.#guard(call);
    this.#dispatch({ type: 'messages-load', messages: [reply], revision, leafId: reply.id, since });
  }

  /** Resolves, too, where the answer was lost but the new words have been told of. */
  async edit({ messageId, text, reply }: { messageId: string; text: string; reply: boolean }): Promise<void> {
    const since = this.#state.known;
    const call = this.#client.call('editMessage', { params: { id: messageId }, body: { text, reply } });
    try {
      const { message, reply: answer, revision } = await this.#guard(call);
      this.#movePath({ messages: answer === null ? [message] : [message, answer], revision, since });
    } catch (error) {
      const isLost = error instanceof ApiError && error.code === 'unreachable';
      if (!isLost || !this.#isTold({ messageId, text, since })) throw error;
    }
  }

  /**
   * Lets the path run through a message, or end at it; refused where it moved in another window meanwhile. Several at
   * once go one after the other, each from where the one before led.
   */
  choose(messageId: string, { endHere = false }: { endHere?: boolean } = {}): Promise<void> {
    return this.#inTurn(async () => {
      const body = { messageId, ...this.#expected(), ...(endHere && { endHere }) };
      const since = this.#state.known;
      const call = this.#client.call('chooseMessage', { params: this.#params, body });
      const { message, revision } = await this.#guard(call);
      this.#movePath({ messages: [message], revision, since });
    });
  }

  /** Deletes, hides or shows many; answers how many, and by which id all of it is undone. */
  changeMany(action: ChangeMessages['action'], selection: MessageSelection): Promise<ChangedMessages> {
    return this.#inTurn(async () => {
      const body = { action, selection, ...this.#expected() };
      const changed = await this.#guard(this.#client.call('changeMessages', { params: this.#params, body }));
      this.#lastRevision = changed.revision;
      return changed;
    });
  }

  undoMany(batchId: string): Promise<void> {
    return this.#inTurn(async () => {
      const params = { ...this.#params, batchId };
      const { revision } = await this.#client.call('undoMessageChange', { params });
      this.#lastRevision = revision;
    });
  }

  remove(messageId: string): Promise<void> {
    return this.#changeMessage('deleteMessage', messageId);
  }

  restore(messageId: string): Promise<void> {
    return this.#changeMessage('restoreMessage', messageId);
  }

  /** Keeps a message from the model, or lets it see it again. */
  setHidden(messageId: string, hidden: boolean): Promise<void> {
    return this.#changeMessage(hidden ? 'hideMessage' : 'showMessage', messageId);
  }

  async stop(): Promise<void> {
    await this.#client.call('stopReplies', { params: this.#params });
  }

  /** Stops what is being written and waits until it is kept, so that the next message follows it. */
  async #interrupt(): Promise<void> {
    if (this.#state.streaming.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const unsubscribe = this.subscribe(() => {
      if (this.#state.streaming.size === 0) resolve();
    });
    const timer = setTimeout(resolve, INTERRUPT_PATIENCE);
    try {
      await this.stop();
      if (this.#state.streaming.size > 0) await promise;
    } catch (error) {
      // Without a network nothing can be stopped: the message waits for it, and then for the reply.
      if (!(error instanceof ApiError)) throw error;
    } finally {
      clearTimeout(timer);
      unsubscribe();
    }
  }

  /** Whether a message with these words has come beside another since then. */
  #isTold({ messageId, text, since }: { messageId: string; text: string; since: ConversationState['known'] }): boolean {
    const edited = this.#state.known.get(messageId) ?? since.get(messageId);
    return [...toldSince(this.#state.known, since).values()].some(
      (one) => !since.has(one.id) && one.parentId === edited?.parentId && messageText(one) === text,
    );
  }

  get #client(): ApiClient {
    return this.#options.client;
  }

  #dispatch(action: ConversationAction): void {
    if (this.#life.signal.aborted) return;
    const before = this.#state;
    const next = this.#moves.follow(reduceConversation(before, action));
    if (next === before) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
    if (this.#newestPage !== null && isToldOfUnread(action, { before, next })) this.#newestAgain = true;
    else if (next.stale) void this.reload();
  }

  #hearOutbox({ type, message, ...event }: OutboxEvent): void {
    if (message.conversationId !== this.#options.conversationId) return;
    const { clientId } = message;
    const error = message.error && new ApiError(message.error);
    if (type === 'message-remove') return this.#dispatch({ type: 'send-discard', clientId });
    if (type === 'message-sent') return this.#hearSent(clientId, event);
    const { text, attachments, to, speakers, createdAt } = message;
    const heard = { ...(to && { to }), ...(speakers && { speakers }) };
    this.#dispatch({ type: 'send-start', clientId, text, attachments, ...heard, createdAt });
    if (type === 'message-wait') this.#dispatch({ type: 'send-wait', clientId, error });
    if (type === 'message-refuse' && error) this.#dispatch({ type: 'send-fail', clientId, error });
  }

  #hearSent(clientId: string, { sent }: { sent?: SentMessage | null }): void {
    if (sent) {
      this.#lastRevision = Math.max(this.#lastRevision, sent.revision);
      return this.#dispatch({ type: 'send-end', clientId, sent });
    }
    this.#dispatch({ type: 'send-discard', clientId });
    void this.reload();
  }

  async #changeMessage(route: MessageRoute, messageId: string): Promise<void> {
    const since = this.#state.known;
    const { message, revision } = await this.#client.call(route, { params: { id: messageId } });
    this.#movePath({ messages: [message], revision, since });
  }

  #movePath(changed: { messages: readonly Message[]; revision: number; since: ConversationState['known'] }): void {
    const { revision } = changed;
    this.#lastRevision = Math.max(this.#lastRevision, revision);
    this.#dispatch({ type: 'messages-load', ...changed });
    this.#dispatch({ type: 'path-move', revision });
  }

  /** One change of the path after the other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #expected(): { expectedRevision?: number } {
    const expectedRevision = Math.max(this.#state.revision, this.#lastRevision);
    return expectedRevision < 0 ? {} : { expectedRevision };
  }

  async #showKept(): Promise<void> {
    const kept = await this.#options.readKept?.().catch(() => null);
    if (!kept) return;
    this.#dispatch({ type: 'kept-load', kept });
    // What is kept here is older than any answer.
    if (this.#state.keptAt !== null) this.#newestSince = this.#state.known;
  }

  async #watch(): Promise<void> {
    const { client, conversationId, onWake, reconnect } = this.#options;
    const signal = this.#life.signal;
    try {
      const parts = watchConversation({ client, conversationId, signal, ...reconnect, ...(onWake && { onWake }) });
      for await (const part of parts) this.#dispatch(part);
    } catch (error) {
      if (error instanceof ApiError) this.#dispatch({ type: 'connection-change', state: 'waiting', error });
    }
  }

  async #readNewest(): Promise<void> {
    let action: ConversationAction;
    const { path, told } = this.#state;
    this.#newestAgain = false;
    this.#newestSince = this.#state.known;
    try {
      const shown = told === 'gap' ? Math.min(path.length, LONGEST_PAGE) : 0;
      const query = { limit: Math.max(this.#pageSize, shown) };
      const page = await this.#client.call('messages', { params: this.#params, query, signal: this.#life.signal });
      action = { type: 'page-load', page, older: false, since: this.#newestSince };
    } catch (error) {
      if (!(error instanceof ApiError)) return;
      action = { type: 'page-fail', error };
    } finally {
      this.#newestPage = null;
    }
    const again = this.#newestAgain;
    this.#dispatch(action);
    if (action.type !== 'page-load') return;
    if (again) await this.reload();
    if (told === 'gap') await this.#readShown(action.page).catch(() => undefined);
  }

  /** After a gap in what was told all that is shown is read again, page by page, from the end up. */
  async #readShown(newest: MessagePage): Promise<void> {
    let [first] = newest.messages;
    while (first !== undefined && (this.#state.path[0]?.depth ?? 0) < first.depth) {
      const next = await this.#readPage({ before: first.id, limit: LONGEST_PAGE });
      this.#dispatch({ type: 'page-load', older: true, ...next });
      [first] = next.page.messages;
    }
  }

  async #readOlder(): Promise<void> {
    const first = this.#state.path[0];
    if (first === undefined || !hasOlder(this.#state)) return;
    this.#dispatch({ type: 'page-load', older: true, ...(await this.#readPage({ before: first.id })) });
  }

  async #readNewer(): Promise<void> {
    const last = this.#state.path.at(-1);
    if (last === undefined || !hasNewer(this.#state)) return;
    this.#dispatch({ type: 'window-load', ...(await this.#readPage({ after: last.id })) });
  }

  /** A page that is not older than what is known here already, with what was known when it was asked for. */
  async #readPage(place: QueryValues): Promise<{ page: MessagePage; since: ConversationState['known'] }> {
    const query = { limit: this.#pageSize, ...place };
    for (let tries = 1; ; tries += 1) {
      const since = this.#state.known;
      const page = await this.#client.call('messages', { params: this.#params, query, signal: this.#life.signal });
      if (page.revision >= this.#state.revision || tries === PAGE_TRIES) return { page, since };
    }
  }

  /** After a conflict the page is out of step: read it again, then tell. */
  async #guard<T extends { revision: number }>(call: Promise<T>): Promise<T> {
    try {
      return await this.#moves.own(call);
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) void this.reload();
      throw error;
    }
  }
}

/** Whether the newest page, being read, may lack what was told: it was asked for before that. */
function isToldOfUnread(
  action: ConversationAction,
  { before, next }: { before: ConversationState; next: ConversationState },
): boolean {
  if (action.type === 'page-load' || action.type === 'page-fail') return false;
  const { type } = action.type === 'event' ? action.event : action;
  // The first word of the watch tells nothing but where the path ends: its revision shows whether the page is older.
  if (type === 'conversation-snapshot' && before.told === 'nothing') return false;
  return next.stale || type === 'messages-change' || type === 'author-rename';
}
