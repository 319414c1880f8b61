import type { TurnProfile } from '../../contract/voice.ts';
import { describeFailure } from './describe-failure.ts';
import { ReplyMarks } from './reply-marks.ts';
import { SpokenReply, type SpokenReplyOptions } from './spoken-reply.ts';
import type { DecidedTurn } from './spoken-turn.ts';
import type { ConfirmedTurn, ReplyDraft, ReplyOutcome, Said } from './voice-ports.ts';

/*
 * States of an answer: a draft, its sound, and what is kept of both
 *
 *      draft ──confirm──▶ kept ──the reply ended──▶ finished
 *        │
 *        └──discard─────▶ finished (nothing is left of it)
 */
export interface AnswerOptions extends Omit<
  SpokenReplyOptions,
  'words' | 'saidBy' | 'marks' | 'onHeard' | 'onEnd' | 'messageId'
> {
  /** What is answered; empty for a reply that follows another. */
  text: string;
  /** Begins the reply; null where there is none after all. May throw nothing. */
  draft: (signal: AbortSignal) => Promise<ReplyDraft | null>;
  profile: TurnProfile;
  /** Settles when everything said before is kept: a draft sees what was really heard. */
  after: Promise<void>;
  onConfirm: (ids: ConfirmedTurn) => void;
  /** It could not be kept. */
  onLost: (error: { code: string; message: string; retryable: boolean }) => void;
  /** It sounds no more. What is kept of it may still be on its way to the disk. */
  onEnd: (ending: { state: ReplyOutcome['state']; heard: string; timings: ReplyOutcome['timings'] }) => void;
}

/** One reply to one turn, from the first guess of what was said to what is kept of both. */
export class Answer {
  readonly text: string;
  readonly reply: SpokenReply;
  /** Settles when nothing of it is open any more. Never rejects. */
  readonly finished: Promise<void>;
  readonly #options: AnswerOptions;
  readonly #abort = new AbortController();
  readonly #marks: ReplyMarks;
  readonly #draft: Promise<ReplyDraft | null>;
  readonly #finish: () => void;
  #said: Said | null | undefined;
  #turn: Pick<DecidedTurn, 'speechEndedAt' | 'decidedAt' | 'transcriptAt'> | null = null;
  #drafts = 1;
  #confirming: Promise<ReplyDraft | null> | undefined;
  #discarded = false;

  constructor(options: AnswerOptions) {
    this.#options = options;
    this.text = options.text;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.finished = promise;
    this.#finish = resolve;
    this.#marks = new ReplyMarks(() => options.clock.now());
    this.#draft = options.after.then(() => (this.#discarded ? null : options.draft(this.#abort.signal)));
    this.reply = new SpokenReply({
      ...options,
      saidBy: this.#draft.then((draft) => draft?.speaker ?? null),
      words: this.#words(),
      marks: this.#marks,
      onHeard: (text) => this.#heard(text),
      onEnd: (ending) => this.#end(ending),
    });
  }

  get isConfirmed(): boolean {
    return this.#confirming !== undefined;
  }

  /** A reply that follows this one, once what was heard of this one is kept; null = none. Never rejects. */
  async follow(signal: AbortSignal): Promise<ReplyDraft | null> {
    await this.finished;
    const draft = await this.#draft;
    if (signal.aborted) return null;
    return (await draft?.follow?.({ signal }).catch(() => null)) ?? null;
  }

  /** The turn is certain: the reply may sound. `said` null: it follows another reply. */
  release({
    said,
    turn,
    drafts,
  }: {
    said: Said | null;
    turn: Pick<DecidedTurn, 'speechEndedAt' | 'decidedAt' | 'transcriptAt'> | null;
    drafts: number;
  }): void {
    this.#said = said;
    this.#turn = turn;
    this.#drafts = drafts;
    this.reply.release();
  }

  /** Keeps what was said. From here on it can be ended, not undone. */
  confirm(): void {
    const said = this.#said;
    if (this.#confirming || this.#discarded || said === undefined) return;
    this.#confirming = this.#draft.then(async (draft) => {
      if (!draft) return null;
      try {
        this.#options.onConfirm(await draft.confirm(said));
        return draft;
      } catch (error) {
        this.#options.onLost(describeFailure(error));
        this.#abort.abort();
        this.reply.drop();
        this.#finish();
        return null;
      }
    });
  }

  /** The person went on: nothing is left of it. */
  discard(): void {
    if (this.#confirming || this.#discarded) return;
    this.#discarded = true;
    this.#abort.abort();
    this.reply.drop();
    void this.#draft.then((draft) => draft?.discard()).finally(this.#finish);
  }

  async *#words(): AsyncGenerator<string> {
    const draft = await this.#draft;
    if (draft) yield* draft.words;
  }

  #heard(text: string): void {
    // Something was heard, so the turn has happened.
    this.confirm();
    void this.#confirming?.then((draft) => draft?.heard(text));
  }

  #end(ending: Pick<ReplyOutcome, 'state' | 'heard' | 'failure' | 'durationInMs'>): void {
    const { clock, profile, onEnd, onLost } = this.#options;
    const now = clock.now();
    const turn = this.#turn ?? { speechEndedAt: now, decidedAt: null, transcriptAt: null };
    const interrupted = ending.state === 'interrupted';
    const timings = this.#marks.timings({ ...turn, profile, drafts: this.#drafts, interrupted });
    // Whoever was cut off before they were heard, unasked, has said nothing.
    const isKept = this.#said !== null || ending.heard !== '';
    if (isKept) this.confirm();
    this.#abort.abort();
    const ended = this.#confirming?.then((draft) => draft?.end({ ...ending, timings }));
    ended?.catch((error: unknown) => onLost(describeFailure(error))).finally(this.#finish);
    if (!ended) void this.#draft.then((draft) => draft?.discard()).finally(this.#finish);
    onEnd({ state: ending.state, heard: ending.heard, timings });
  }
}
