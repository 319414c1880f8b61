import type { TurnProfile } from '../../contract/voice.ts';
import { Answer } from './answer.ts';
import type { CallEvent } from './call-events.ts';
import type { KeptWords } from './call-handle.ts';
import { ClauseSplitter } from './clauses/clause-splitter.ts';
import type { CallOptions } from './create-call.ts';
import { FollowUp } from './follow-up.ts';
import { ReplyMarks } from './reply-marks.ts';
import { SpokenReply } from './spoken-reply.ts';
import type { ConfirmedTurn, ReplyDraft } from './voice-ports.ts';

/** What the answers of a call ask of it. */
export interface AnswersCall {
  profile: () => TurnProfile;
  /** True while it goes on and nobody has begun to speak. */
  isQuiet: () => boolean;
  /** True while somebody is there to hear. */
  isHeard: () => boolean;
  emit: (event: CallEvent) => void;
  /** Something changed that the call's state depends on. */
  look: () => void;
  /** A reply sounds no more: whoever spoke over it is not judged against it any longer. */
  leave: (reply: SpokenReply) => void;
  onConfirm: (answer: Answer, kept: { id: string; ids: ConfirmedTurn }) => void;
  /** The present answer is ending, and the turn it belongs to. */
  supersede: () => void;
  /** An answer ended by itself. */
  onEnd: () => void;
}

/*
 * What is said in a call by those who answer: one at a time.
 *
 *   current    the answer to the present turn, a draft or sounding
 *   saying     words that were kept before, as a greeting
 *   leaving    told to stop; the device's last word is still on its way
 *   following  who goes on after the one that was heard to its end, made ready while nobody speaks
 *
 * What is kept is kept in order: a new draft begins when the end of the reply before it is on disk, so that a model
 * never sees what nobody heard.
 */
export class Answers {
  readonly #options: CallOptions;
  readonly #call: AnswersCall;
  #current: Answer | null = null;
  #saying: SpokenReply | null = null;
  #leaving: SpokenReply | null = null;
  #following: FollowUp | null = null;
  #kept: Promise<void> = Promise.resolve();

  constructor(options: CallOptions, call: AnswersCall) {
    this.#options = options;
    this.#call = call;
  }

  get current(): Answer | null {
    return this.#current;
  }

  /** What sounds, or is about to. */
  get reply(): SpokenReply | null {
    return this.#current?.reply ?? this.#saying;
  }

  /** True while somebody who goes on thinks. */
  get isFollowing(): boolean {
    return (this.#following?.answer ?? null) !== null;
  }

  /** One that was told to stop still hears the device's last word. */
  byId(id: string): SpokenReply | undefined {
    return [this.#current?.reply, this.#saying, this.#leaving].find((reply) => reply?.id === id) ?? undefined;
  }

  begin(text: string, how: 'spoken' | 'typed'): Answer {
    const { replier } = this.#options;
    const answer = this.#open(text, async (signal) => replier.draft({ text, how, signal }));
    this.#current = answer;
    return answer;
  }

  say({ text, messageId, speaker }: KeptWords): void {
    const { newId, clock } = this.#options;
    const id = newId();
    const saying = new SpokenReply({
      ...this.#replyParts(),
      id,
      messageId,
      words: single(text),
      saidBy: Promise.resolve(speaker),
      marks: new ReplyMarks(() => clock.now()),
      onHeard: () => undefined,
      onEnd: ({ state, heard }) => {
        this.#call.leave(saying);
        this.#saying = null;
        this.#call.emit({ type: 'reply-end', replyId: id, state, heard, timings: null });
        this.#call.look();
      },
    });
    this.#saying = saying;
    saying.release();
    this.#call.look();
  }

  /** The person went on before the answer counted: it never was. */
  takeBack(): void {
    const answer = this.#current;
    if (!answer || answer.isConfirmed) return;
    this.#call.leave(answer.reply);
    this.discard();
  }

  discard(): void {
    this.#current?.discard();
    this.#current = null;
  }

  /** The present answer is ending; the next draft waits for what is kept of it. */
  release(): void {
    const answer = this.#current;
    if (!answer) return;
    this.#kept = answer.finished;
    this.#leaving = answer.reply;
    this.#current = null;
  }

  /** Lets whoever goes on sound, once there is sound and somebody to hear it, and nobody speaks. */
  letFollow(): void {
    const following = this.#following;
    const answer = following?.answer;
    if (!following || !answer?.reply.isReady || this.reply) return;
    if (!this.#call.isQuiet() || !this.#call.isHeard()) return;
    const { since } = following;
    this.#following = null;
    this.#current = answer;
    answer.release({ said: null, turn: { speechEndedAt: since, decidedAt: since, transcriptAt: since }, drafts: 1 });
    this.#call.look();
  }

  dropFollowing(): void {
    this.#following?.drop();
    this.#following = null;
  }

  /** Ends what sounds; settles when what was heard of it is kept. */
  async end(): Promise<void> {
    const answer = this.#current;
    this.#saying?.stop('stopped');
    answer?.reply.stop('stopped');
    await (answer ? answer.finished : this.#kept);
  }

  #open(text: string, draft: (signal: AbortSignal) => Promise<ReplyDraft | null>): Answer {
    const id = this.#options.newId();
    const call = this.#call;
    const answer: Answer = new Answer({
      ...this.#replyParts(),
      id,
      text,
      draft,
      profile: call.profile(),
      after: this.#kept,
      onReady: () => this.letFollow(),
      onConfirm: (ids) => {
        this.#kept = answer.finished;
        call.onConfirm(answer, { id, ids });
      },
      onLost: (failure) => {
        call.emit({ type: 'failure', stage: 'thinking', ...failure });
        if (this.#current === answer) call.supersede();
        call.look();
      },
      onEnd: (ending) => {
        call.leave(answer.reply);
        const isCurrent = this.#current === answer;
        if (isCurrent) call.supersede();
        if (this.#leaving === answer.reply) this.#leaving = null;
        call.emit({ type: 'reply-end', replyId: id, ...ending });
        call.onEnd();
        if (isCurrent && ending.state === 'done') this.#askToFollow(answer);
        call.look();
      },
    });
    return answer;
  }

  /** Another may go on, where nobody has begun to speak. */
  #askToFollow(after: Answer): void {
    if (!this.#call.isQuiet()) return;
    this.#following = new FollowUp({
      after,
      since: this.#options.clock.now(),
      begin: (draft) => this.#open('', async () => draft),
      onKnown: (follows) => {
        if (!follows) this.#following = null;
        this.#call.look();
      },
    });
  }

  #replyParts() {
    const { speaker, clock, playback, narration } = this.#options;
    return {
      speaker,
      clock,
      playback,
      splitter: new ClauseSplitter(narration === undefined ? {} : { narration }),
      emit: (event: CallEvent) => this.#call.emit(event),
    };
  }
}

async function* single(text: string): AsyncGenerator<string> {
  yield text;
}
