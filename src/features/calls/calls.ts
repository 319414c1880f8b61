import type { Locale } from '../../../contract/common.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import type { CallRecord } from '../../../contract/calls.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, NotFoundError, UnavailableError } from '../../base/errors.ts';
import { findCharacterBySlug } from '../../character/character-store.ts';
import { listCalls, readCall } from '../../conversation/call-store.ts';
import { textOf } from '../../conversation/tree-types.ts';
import type { CallClock } from '../../voice/voice-ports.ts';
import { CallLine } from './call-line.ts';
import type { CallsContext } from './calls-context.ts';
import type { OpenCall, OpenCallRequest } from './open-call.ts';
import type { Recordings } from './recordings.ts';

/** Calls of one person at once: more is a mistake of a program. */
const MOST_CALLS_OF_ONE = 4;
/** Calls listed of a conversation. */
const MOST_LISTED = 200;

export interface CallsOptions {
  clock: CallClock;
  recordings: Recordings;
  /** Milliseconds that a call waits for somebody to come back to it. */
  awayLimitInMs?: number;
}

/** Calls under way: one for each conversation, held while whoever calls comes and goes. */
export class Calls {
  readonly #context: CallsContext;
  readonly #options: CallsOptions;
  readonly #lines = new Map<string, CallLine>();
  /** Calls that are being opened, by conversation: a second device that asks meanwhile gets the same one. */
  readonly #opening = new Map<string, Promise<CallLine>>();
  readonly #closing = new AbortController();
  readonly #listeners = new Set<() => void>();

  constructor(context: CallsContext, options: CallsOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** True while a call is under way or being opened. */
  get busy(): boolean {
    return this.#lines.size + this.#opening.size > 0;
  }

  /** Called when a call began or ended. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /**
   * Begins a call, or goes on with the one of the conversation. Throws `NotFoundError`, and `UnavailableError`
   * (`voice-absent`, `hearing-absent`) where something is not fetched yet.
   */
  async open(actor: Actor, request: OpenCallRequest): Promise<OpenCall> {
    if (this.#closing.signal.aborted) {
      throw new UnavailableError('The house is closing. Call again in a moment.', { code: 'house-closing' });
    }
    const conversation = await this.#find(actor, request);
    const there = this.#lineOf(conversation.id) ?? (await this.#opening.get(conversation.id));
    if (there) {
      if (request.settings) await there.configure(request.settings);
      return there.present({ resumed: true });
    }
    this.#requireRoom(actor);
    const opening = this.#begin(actor, { conversation, request });
    this.#opening.set(conversation.id, opening);
    this.#tellChange();
    try {
      const line = await opening;
      if (request.greet) await this.#greet(actor, line);
      return line.present({ resumed: false });
    } finally {
      this.#opening.delete(conversation.id);
      this.#tellChange();
    }
  }

  /** A call under way, of this person. */
  find(actor: Actor, callId: string): OpenCall | undefined {
    const line = this.#lines.get(callId);
    return line?.ownerId === actor.userId ? line.present({ resumed: true }) : undefined;
  }

  /** This person's calls under way. */
  list(actor: Actor): OpenCall[] {
    return [...this.#lines.values()]
      .filter(({ ownerId }) => ownerId === actor.userId)
      .map((line) => line.present({ resumed: true }));
  }

  /** Calls of a conversation, newest first. */
  async history(actor: Actor, conversationId: string): Promise<CallRecord[]> {
    await this.#context.conversations.readOwn(actor, conversationId);
    const calls = await listCalls(this.#context.storage.db, {
      conversationId,
      ownerId: actor.userId,
      limit: MOST_LISTED,
    });
    return calls.map(({ ownerId: _owner, characterId: _character, locale: _locale, ...call }) => ({
      ...call,
      durationInMs: this.#lines.get(call.id)?.durationInMs ?? call.durationInMs,
    }));
  }

  /** Ends a person's calls: they leave. */
  async endAllOf(userId: string): Promise<void> {
    const lines = [...this.#lines.values()].filter(({ ownerId }) => ownerId === userId);
    await Promise.all(lines.map((line) => line.end('hung-up')));
  }

  /** Ends every call; what was heard is kept. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#opening.values());
    await Promise.all([...this.#lines.values()].map((line) => line.end('house-closing')));
  }

  #tellChange(): void {
    for (const listener of this.#listeners) listener();
  }

  #lineOf(conversationId: string): CallLine | undefined {
    return [...this.#lines.values()].find((line) => line.conversationId === conversationId);
  }

  #requireRoom(actor: Actor): void {
    const own = [...this.#lines.values()].filter(({ ownerId }) => ownerId === actor.userId);
    if (own.length < MOST_CALLS_OF_ONE) return;
    throw new ConflictError(`You have ${own.length} calls under way: end one of them first.`, {
      code: 'too-many-calls',
    });
  }

  async #find(actor: Actor, { target }: OpenCallRequest): Promise<Conversation> {
    const { conversations } = this.#context;
    switch (target.kind) {
      case 'conversation':
        return conversations.readOwn(actor, target.conversationId);
      case 'call': {
        const call = await readCall(this.#context.storage.db, { id: target.callId, ownerId: actor.userId });
        if (!call) throw new NotFoundError('There is no such call.', { code: 'call-missing' });
        // One that ended meanwhile goes on as a new one, where the talk stands.
        return conversations.readOwn(actor, call.conversationId);
      }
      case 'character':
        return this.#withCharacter(actor, target);
      default:
        return target satisfies never;
    }
  }

  async #withCharacter(actor: Actor, { slug, locale }: { slug: string; locale: Locale | null }): Promise<Conversation> {
    const { conversations, storage } = this.#context;
    const characterId = await findCharacterBySlug(storage.db, { slug, userId: actor.userId });
    if (characterId === undefined) {
      throw new NotFoundError(`There is no character “${slug}”.`, { code: 'character-missing' });
    }
    const { conversations: talks } = await conversations.list(actor, { characterId, limit: 20 });
    const latest = talks.find((talk) => talk.mine && (locale === null || talk.locale === locale));
    return latest ?? conversations.create(actor, { characterId, ...(locale === null ? {} : { locale }) });
  }

  async #begin(
    actor: Actor,
    { conversation, request }: { conversation: Conversation; request: OpenCallRequest },
  ): Promise<CallLine> {
    const line = await CallLine.open(this.#context, {
      actor,
      conversation,
      playback: request.playback,
      settings: request.settings ?? {},
      closing: this.#closing.signal,
      onEnd: () => {
        this.#lines.delete(line.id);
        this.#tellChange();
      },
      ...this.#options,
    });
    this.#lines.set(line.id, line);
    return line;
  }

  /** Says the greeting aloud where nothing else has been said. */
  async #greet(actor: Actor, line: CallLine): Promise<void> {
    const page = await this.#context.messages.page(actor, { conversationId: line.conversationId, limit: 2 });
    const [first] = page.messages;
    if (page.total !== 1 || first?.author.kind !== 'character') return;
    const text = textOf(first.parts);
    if (text.trim() !== '') await line.say({ text, messageId: first.id, characterId: first.author.id });
  }
}
