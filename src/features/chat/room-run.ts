import type { Message } from '../../../contract/messages.ts';
import type { RoomRun as ShownRun, TurnChoice } from '../../../contract/rooms.ts';
import { isAbort } from '../../base/errors.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import { readMessage } from '../../conversation/message-store.ts';
import { witnesses } from '../../conversation/stage.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import { readRoom } from '../../conversation/read-room.ts';
import type { TurnDirector } from '../../turn/director/director.ts';
import type { ChatContext } from './chat-context.ts';
import type { ReplyRunner } from './reply-runner.ts';
import { takeTurn } from './take-turn.ts';
import { chooseTurn, directedRoom, needsDirector } from './turn-order/choose-turn.ts';
import { readTurns, type RoomTurns } from './turn-order/read-turns.ts';

/** Milliseconds between two looks at whether the path still ends where the run stands. */
const PATH_LOOK_MS = 1000;
/** Characters stop talking among themselves when nobody has had the conversation open for so long: milliseconds. */
const UNWATCHED_MS = 120_000;
/** A run that nobody takes up again is over: milliseconds. */
const LONGEST_PAUSE_MS = 30 * 60_000;
/** Replies without a human's word. */
const MOST_ALONE = 40;

export interface RunParts {
  context: ChatContext;
  runner: ReplyRunner;
  director: TurnDirector;
}

export interface RunStart {
  conversationId: string;
  ownerId: string;
  /** Who set it going. */
  actorId: string;
  /** The end of the path; where a reply is being written already, that reply. */
  leafId: string | null;
  /** Who is to speak, one after the other, instead of whom the order would choose. */
  asked?: readonly string[];
  /** Begins behind a reply that is being written. */
  afterReply?: boolean;
  /** Whether others may answer up to `mostReplies`; false leaves what follows to auto-run. */
  answers: boolean;
}

/**
 * Turns of a room that follow one another by themselves. *choosing* (its director thinks) → *replying* → choosing
 * again, up to `mostReplies` after a human's message; with auto-run then *waiting* → choosing, or *paused* while a
 * human types, nobody looks or somebody said so. It ends, idle, when nobody is next, a reply did not end well, the path
 * moves, or `end` is called. In memory: nothing of it outlives the house.
 */
export class RoomRun {
  /** The first reply, once it has begun; null when there is none, or its speaker is still being chosen. */
  readonly first: Promise<Message | null>;
  readonly finished: Promise<void>;
  readonly #parts: RunParts;
  readonly #start: RunStart;
  readonly #ending = new AbortController();
  readonly #tell: (message: Message | null) => void;
  #leafId: string | null;
  #asked: string[];
  #replies = 0;
  #isAuto: boolean;
  #isPaused = false;
  #isHurried = false;
  /** When somebody last had the conversation open. */
  #openAt: number;
  /** Ends a rest before its time. */
  #wake: () => void = () => undefined;
  /** Settles when no reply is about to begin. */
  #taking: Promise<unknown> = Promise.resolve();
  #shown: ShownRun = { state: 'idle', next: [], resumesAt: null };

  constructor(parts: RunParts, start: RunStart) {
    this.#parts = parts;
    this.#start = start;
    this.#leafId = start.leafId;
    this.#asked = [...(start.asked ?? [])];
    this.#isAuto = !start.answers;
    this.#openAt = parts.context.clock.now();
    const { promise, resolve } = Promise.withResolvers<Message | null>();
    this.first = promise;
    this.#tell = resolve;
    this.finished = this.#run();
  }

  /** Nobody follows any more; the reply being written goes on. Resolves once one that was about to begin has begun. */
  async end(): Promise<void> {
    this.#show({ state: 'idle', next: [], resumesAt: null });
    this.#ending.abort();
    this.#wake();
    await this.#taking;
  }

  /** Whether it still goes on where the path ends now; a run whose path moved away ends by itself within a second. */
  isAt(leafId: string | null): boolean {
    return this.#shown.state === 'replying' || this.#leafId === leafId;
  }

  /** Holds it behind the reply being written. */
  pause(): void {
    this.#isPaused = true;
    this.#wake();
  }

  /** Goes on at once. */
  resume(): void {
    this.#isPaused = false;
    this.#isHurried = true;
    this.#wake();
  }

  async #run(): Promise<void> {
    const { logger } = this.#parts.context;
    const { conversationId } = this.#start;
    try {
      await this.#goOn();
    } catch (error) {
      if (!isAbort(error) && !this.#ending.signal.aborted) {
        logger.warn({ err: error, conversationId }, 'the turns of a room broke off');
      }
    } finally {
      this.#tell(null);
      this.#show({ state: 'idle', next: [], resumesAt: null });
    }
  }

  async #goOn(): Promise<void> {
    if (this.#start.afterReply === true) {
      if (!(await this.#hearOut())) return;
      this.#replies = 1;
    }
    while (await this.#isDue()) {
      const look = await this.#look();
      if (!look) return;
      const choice = await this.#choose(look);
      this.#ending.signal.throwIfAborted();
      if (!choice) {
        // Nobody answers; where the characters go on among themselves, somebody will.
        if (this.#isAuto) return;
        this.#tell(null);
        this.#isAuto = true;
        continue;
      }
      if (!(await this.#take(choice, look.turns)) || !(await this.#hearOut())) return;
      this.#replies += 1;
    }
  }

  /** Waits until it is time for the next turn; false when there is none. */
  async #isDue(): Promise<boolean> {
    this.#ending.signal.throwIfAborted();
    const conversation = await this.#readConversation();
    const settings = conversation && readRoom(conversation);
    if (!settings) return false;
    const isAsked = this.#asked.length > 0;
    if (this.#replies === 0 && !this.#isAuto) return true;
    const hasAsked = (this.#start.asked ?? []).length > 0;
    if (!isAsked && (hasAsked || this.#replies >= settings.mostReplies)) this.#isAuto = true;
    if (!this.#isAuto || isAsked) return this.#hold(0);
    if (!settings.autoRun || settings.turnOrder === 'manual' || this.#replies >= MOST_ALONE) return false;
    return this.#hold(settings.autoRunDelayInSeconds * 1000);
  }

  async #look(): Promise<{ conversation: ConversationRecord; turns: RoomTurns } | null> {
    const { db } = this.#parts.context.storage;
    const conversation = await this.#readConversation();
    const turns = conversation && (await readTurns(db, conversation));
    return conversation && turns ? { conversation, turns } : null;
  }

  /** Undefined once the path ends elsewhere. */
  async #readConversation(): Promise<ConversationRecord | undefined> {
    const { conversationId: id, ownerId } = this.#start;
    const conversation = await readConversation(this.#parts.context.storage.db, { id, ownerId });
    const isHere = conversation?.deletedAt === null && conversation.leafId === this.#leafId;
    return isHere ? conversation : undefined;
  }

  async #choose({
    conversation,
    turns,
  }: {
    conversation: ConversationRecord;
    turns: RoomTurns;
  }): Promise<TurnChoice | null> {
    for (let asked = this.#asked.shift(); asked !== undefined; asked = this.#asked.shift()) {
      const isThere = turns.askable.some(({ participantId }) => participantId === asked);
      if (isThere) return { participantId: asked, by: 'asked', why: '' };
    }
    const mustSpeak = this.#isAuto || this.#replies === 0;
    if (needsDirector(turns, { mustSpeak })) {
      // Whoever said something is not kept waiting for it.
      this.#tell(null);
      this.#show({ state: 'choosing', next: [], resumesAt: null });
    }
    const { director } = this.#parts;
    const { signal } = this.#ending;
    return chooseTurn(turns, { director, room: directedRoom(conversation, signal), mustSpeak });
  }

  /** Begins a reply and says so; false where the path has moved on. */
  async #take(choice: TurnChoice, turns: RoomTurns): Promise<boolean> {
    const { context, runner } = this.#parts;
    const { conversationId, ownerId, actorId } = this.#start;
    const turn = { conversationId, ownerId, actorId, leafId: this.#leafId, choice, signal: this.#ending.signal };
    const taking = takeTurn(context, runner, turn);
    this.#taking = taking.catch(() => undefined);
    const taken = await taking;
    if (!taken) return false;
    this.#leafId = taken.reply.id;
    const after = this.#asked.map((participantId) => ({ participantId, by: 'asked' as const, why: '' }));
    this.#show({ state: 'replying', next: isHeardByHumans(turns) ? [choice, ...after] : [], resumesAt: null });
    this.#tell(taken.message);
    return true;
  }

  /** Waits for the end of the reply that is being written; true where it ended well and others may follow. */
  async #hearOut(): Promise<boolean> {
    const { live, storage } = this.#parts.context;
    const id = this.#leafId ?? '';
    if (this.#shown.state === 'idle') this.#show({ state: 'replying', next: [], resumesAt: null });
    await live.get(id)?.finished;
    return (await readMessage(storage.db, id))?.state === 'done';
  }

  /** Waits `delayInMs`, anew after each pause; false once the path has moved on or nobody takes it up again. */
  async #hold(delayInMs: number): Promise<boolean> {
    const { clock, presence } = this.#parts.context;
    using _woken = presence.onChange(this.#start.conversationId, () => this.#wake());
    let resumesAt = clock.now() + delayInMs;
    let pausedAt: number | null = null;
    let lookedAt = clock.now();
    for (;;) {
      const now = clock.now();
      if (this.#isHeld(now)) {
        pausedAt ??= now;
        if (now - pausedAt > LONGEST_PAUSE_MS) return false;
        resumesAt = now + delayInMs;
        this.#show({ state: 'paused', next: [], resumesAt: null });
      } else if (this.#isHurried || now >= resumesAt) {
        this.#isHurried = false;
        return true;
      } else {
        pausedAt = null;
        this.#show({ state: 'waiting', next: [], resumesAt });
      }
      await this.#rest(pausedAt === null ? Math.min(resumesAt - now, PATH_LOOK_MS) : PATH_LOOK_MS);
      if (clock.now() - lookedAt < PATH_LOOK_MS) continue;
      lookedAt = clock.now();
      if (!(await this.#readConversation())) return false;
    }
  }

  /** Waits so long, or until somebody comes, goes, types or says how it goes on. Throws once the run has ended. */
  async #rest(inMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, inMs);
    await promise;
    clearTimeout(timer);
    this.#ending.signal.throwIfAborted();
  }

  #isHeld(now: number): boolean {
    const here = this.#parts.context.presence.of(this.#start.conversationId);
    if (here.some(({ online }) => online)) this.#openAt = now;
    const isUnwatched = this.#isAuto && now - this.#openAt > UNWATCHED_MS;
    return this.#isPaused || isUnwatched || here.some(({ typing }) => typing);
  }

  #show(run: ShownRun): void {
    // Another run may be shown by now.
    if (this.#ending.signal.aborted) return;
    const before = this.#shown;
    this.#shown = run;
    const isSame = before.state === run.state && before.resumesAt === run.resumesAt && run.next.length === 0;
    if (!isSame) this.#parts.context.live.showRun(this.#start.conversationId, run);
  }
}

/** A choice tells of what was said before it: only where every human heard that it is shown to all. */
function isHeardByHumans({ leaf, participants }: RoomTurns): boolean {
  const humans = participants.filter(({ kind, leftAt }) => kind === 'human' && leftAt === null);
  return leaf === null || humans.every((human) => witnesses(leaf, human));
}
