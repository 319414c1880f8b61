import type { ChangedMessages, ChangeMessages, MessageSelection } from '../contract/branches.ts';
import type { Message, MessagePage } from '../contract/messages.ts';
import { ApiError, isAbortError } from './api-error.ts';
import { emptyConversationState, hasNewer, hasOlder, reduceConversation } from './conversation-state.ts';
import type { ConversationAction, ConversationState } from './conversation-state.ts';
import type { ApiClient } from './create-client.ts';
import { watchConversation } from './watch-conversation.ts';

export interface ConversationSessionOptions {
  client: ApiClient;
  conversationId: string;
  newId: () => string;
  now: () => number;
  /** Messages per page. */
  pageSize?: number;
  onWake?: (wake: () => void) => () => void;
}

/** After this many ms without word of the stopped reply's end, the server is asked anyway and decides. */
const INTERRUPT_PATIENCE = 5_000;

type ReplyKind = 'regenerate' | 'continue' | 'answer';

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
  #state: ConversationState = emptyConversationState;
  #olderPage: Promise<void> | null = null;
  #newerPage: Promise<void> | null = null;
  #newestPage: Promise<void> | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  /** The newest revision that an answer told; the state follows when the page is read. */
  #lastRevision = -1;

  constructor(options: ConversationSessionOptions) {
    this.#options = options;
    this.#params = { id: options.conversationId };
    this.#pageSize = options.pageSize ?? 50;
  }

  open(): void {
    void this.#watch();
    void this.reload();
  }

  [Symbol.dispose](): void {
    this.#life.abort();
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
    const query = { around: messageId, limit: this.#pageSize };
    const page = await this.#client.call('messages', { params: this.#params, query, signal: this.#life.signal });
    if (page.onPath) this.#dispatch({ type: 'window-load', page });
    return page;
  }

  /** Back to the path's end. */
  returnToEnd(): void {
    this.#dispatch({ type: 'window-close' });
  }

  /**
   * Shows the text at once; a failure stays visible in `pending` and does not reject. A reply still being written is
   * stopped first: who speaks interrupts.
   */
  async send(
    text: string,
    { clientId = this.#options.newId(), attachments = [] }: { clientId?: string; attachments?: readonly string[] } = {},
  ): Promise<void> {
    this.returnToEnd();
    this.#dispatch({ type: 'send-start', clientId, text, attachments, createdAt: this.#options.now() });
    try {
      await this.#interrupt();
      const body = { text, clientId, ...(attachments.length > 0 ? { attachments: [...attachments] } : {}) };
      const sent = await this.#client.call('sendMessage', { params: this.#params, body });
      this.#dispatch({ type: 'send-end', clientId, sent });
    } catch (error) {
      if (isAbortError(error) || !(error instanceof ApiError)) throw error;
      this.#dispatch({ type: 'send-fail', clientId, error });
    }
  }

  discard(clientId: string): void {
    this.#dispatch({ type: 'send-discard', clientId });
  }

  async startReply(kind: ReplyKind, messageId: string): Promise<void> {
    const call = this.#client.call('startReply', { params: this.#params, body: { kind, messageId } });
    const { reply, revision } = await this.#guard(call);
    this.#dispatch({ type: 'messages-load', messages: [reply], revision, leafId: reply.id });
  }

  async edit({ messageId, text, reply }: { messageId: string; text: string; reply: boolean }): Promise<void> {
    const call = this.#client.call('editMessage', { params: { id: messageId }, body: { text, reply } });
    const changed = await this.#guard(call);
    this.#movePath(changed.reply === null ? [changed.message] : [changed.message, changed.reply], changed.revision);
  }

  /**
   * Lets the path run through a message, or end at it; refused where it moved in another window meanwhile. Several at
   * once go one after the other, each from where the one before led.
   */
  choose(messageId: string, { endHere = false }: { endHere?: boolean } = {}): Promise<void> {
    return this.#inTurn(async () => {
      const body = { messageId, ...this.#expected(), ...(endHere && { endHere }) };
      const changed = await this.#guard(this.#client.call('chooseMessage', { params: this.#params, body }));
      this.#movePath([changed.message], changed.revision);
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

  async remove(messageId: string): Promise<void> {
    const { message, revision } = await this.#client.call('deleteMessage', { params: { id: messageId } });
    this.#movePath([message], revision);
  }

  async restore(messageId: string): Promise<void> {
    const { message, revision } = await this.#client.call('restoreMessage', { params: { id: messageId } });
    this.#movePath([message], revision);
  }

  /** Keeps a message from the model, or lets it see it again. */
  async setHidden(messageId: string, hidden: boolean): Promise<void> {
    const message = await this.#client.call(hidden ? 'hideMessage' : 'showMessage', { params: { id: messageId } });
    this.#dispatch({ type: 'messages-change', messages: [message] });
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
    } finally {
      clearTimeout(timer);
      unsubscribe();
    }
  }

  get #client(): ApiClient {
    return this.#options.client;
  }

  #dispatch(action: ConversationAction): void {
    if (this.#life.signal.aborted) return;
    const next = reduceConversation(this.#state, action);
    if (next === this.#state) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
    if (next.stale) void this.reload();
  }

  #movePath(messages: readonly Message[], revision: number): void {
    this.#lastRevision = Math.max(this.#lastRevision, revision);
    this.#dispatch({ type: 'messages-load', messages, revision });
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

  async #watch(): Promise<void> {
    const { client, conversationId, onWake } = this.#options;
    const signal = this.#life.signal;
    try {
      const parts = watchConversation({ client, conversationId, signal, ...(onWake && { onWake }) });
      for await (const part of parts) this.#dispatch(part);
    } catch (error) {
      if (error instanceof ApiError) this.#dispatch({ type: 'connection-change', state: 'waiting', error });
    }
  }

  async #readNewest(): Promise<void> {
    let action: ConversationAction;
    try {
      const query = { limit: this.#pageSize };
      const page = await this.#client.call('messages', { params: this.#params, query, signal: this.#life.signal });
      action = { type: 'page-load', page, older: false };
    } catch (error) {
      if (!(error instanceof ApiError)) return;
      action = { type: 'page-fail', error };
    } finally {
      this.#newestPage = null;
    }
    this.#dispatch(action);
  }

  async #readOlder(): Promise<void> {
    const first = this.#state.path[0];
    if (first === undefined || !hasOlder(this.#state)) return;
    const query = { before: first.id, limit: this.#pageSize };
    const page = await this.#client.call('messages', { params: this.#params, query, signal: this.#life.signal });
    this.#dispatch({ type: 'page-load', page, older: true });
  }

  async #readNewer(): Promise<void> {
    const last = this.#state.path.at(-1);
    if (last === undefined || !hasNewer(this.#state)) return;
    const query = { after: last.id, limit: this.#pageSize };
    const page = await this.#client.call('messages', { params: this.#params, query, signal: this.#life.signal });
    this.#dispatch({ type: 'window-load', page });
  }

  /** After a conflict the page is out of step: read it again, then tell. */
  async #guard<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) void this.reload();
      throw error;
    }
  }
}
