import { isAbort } from '../base/errors.ts';
import type { CallEvent } from './call-events.ts';
import { pauseAfter } from './clause-pause.ts';
import type { ClauseSplitter, SpokenClause } from './clauses/clause-splitter.ts';
import { describeFailure } from './describe-failure.ts';
import { EstimatedPlayback } from './estimated-playback.ts';
import { ReplyTimeline, type AudioPiece } from './reply-timeline.ts';
import type { ReplyMarks } from './reply-marks.ts';
import {
  SPEAKING_SAMPLE_RATE,
  type CallClock,
  type ReplyOutcome,
  type ReplySpeaker,
  type Speaker,
} from './voice-ports.ts';

/*
 * States of a reply that is spoken
 *
 *      held ──release──▶ sounding ──all heard──▶ ended
 *        │                   │ interrupt, call's end, failure, silence of the device
 *        └──────drop─────────┴──────────────────▶ ended
 *
 *   held      words, clauses and sound are made, nothing leaves: the turn it answers is not certain.
 *   sounding  everything made goes out at once; the device says how far it is.
 *   ended     told once, with what was heard; of a dropped one nothing is kept.
 */
type ReplyState = 'held' | 'sounding' | 'ended';

/** Samples of one audio event: 200 ms. */
const PIECE_SAMPLES = SPEAKING_SAMPLE_RATE / 5;
/** Sound made ahead of what has been heard, milliseconds: enough for any hiccup, little lost when interrupted. */
const MOST_AHEAD_MS = 20_000;
/** A device that is there and says nothing of sound it has: it hangs. Milliseconds. */
const STALLED_AFTER_MS = 15_000;
/** A device that was told to be silent says where it stopped; then its last word counts. Milliseconds. */
const LAST_WORD_MS = 250;

export interface SpokenReplyOptions {
  id: string;
  /** The message it becomes, where that is known before. */
  messageId?: string;
  words: AsyncIterable<string>;
  /** Who says it; settles before the first word. Absent or null where only one answers. */
  saidBy?: Promise<ReplySpeaker | null>;
  splitter: ClauseSplitter;
  speaker: Speaker;
  clock: CallClock;
  playback: 'reported' | 'estimated';
  marks: ReplyMarks;
  emit: (event: CallEvent) => void;
  /** Whole clauses, growing. */
  onHeard: (text: string) => void;
  onEnd: (ending: Pick<ReplyOutcome, 'state' | 'heard' | 'failure' | 'durationInMs'>) => void;
  /** While it is held: it has sound, or it is certain that there will be none. May be told again. */
  onReady?: () => void;
}

type Failure = NonNullable<ReplyOutcome['failure']>;
type StagedFailure = Failure & { stage: 'thinking' | 'speaking' };

/** Words become clauses, clauses become sound, sound becomes what was heard. */
export class SpokenReply {
  readonly id: string;
  readonly timeline = new ReplyTimeline();
  readonly #options: SpokenReplyOptions;
  readonly #work = new AbortController();
  readonly #clauses: SpokenClause[] = [];
  readonly #estimated: EstimatedPlayback | undefined;
  #state: ReplyState = 'held';
  #saidBy: ReplySpeaker | null = null;
  #wordsEnded = false;
  #made = false;
  #failure: StagedFailure | null = null;
  #stopping: Exclude<ReplyOutcome['state'], 'done'> | null = null;
  #sentTold = false;
  #pauseInMs = 0;
  #heard = '';
  #sent = 0;
  #playedAt: number;
  #wake: (() => void) | undefined;
  #cancelStall: (() => void) | undefined;
  #cancelLastWord: (() => void) | undefined;

  constructor(options: SpokenReplyOptions) {
    this.id = options.id;
    this.#options = options;
    this.#playedAt = options.clock.now();
    if (options.playback === 'estimated') {
      this.#estimated = new EstimatedPlayback(options.clock, (positionInMs) => this.played(positionInMs));
    }
    void this.#readWords();
    void this.#speakClauses();
  }

  get isSounding(): boolean {
    return this.#state === 'sounding' && this.#sent > 0 && this.#stopping === null;
  }

  /** True once it has sound, or is certain to have none. */
  get isReady(): boolean {
    return this.#made || this.#failure !== null || this.timeline.durationInMs > 0;
  }

  get isEnded(): boolean {
    return this.#state === 'ended';
  }

  /** Where the device is now, between two of its reports. */
  get positionInMs(): number {
    if (!this.isSounding) return this.timeline.playedInMs;
    const since = this.#options.clock.now() - this.#playedAt;
    return Math.min(this.timeline.playedInMs + since, this.timeline.durationInMs);
  }

  /** The turn is certain: let it sound. */
  release(): void {
    if (this.#state !== 'held') return;
    this.#state = 'sounding';
    this.#tellStart();
    if (this.#failure) this.#tellFailure(this.#failure);
    this.#sendUnheard();
    this.#settle();
  }

  /** For a device that has just come: what it has not played. */
  resend(): void {
    if (this.#state !== 'sounding' || this.#stopping !== null) return;
    this.#tellStart();
    this.#sendUnheard();
    if (this.#made) this.#tellSent();
  }

  played(positionInMs: number): void {
    if (this.#state !== 'sounding') return;
    const before = this.timeline.playedInMs;
    this.timeline.played(positionInMs);
    if (this.timeline.playedInMs === before) return;
    this.#playedAt = this.#options.clock.now();
    this.#options.marks.heard(this.#playedAt - (this.timeline.playedInMs - before));
    const heard = this.timeline.heardText();
    if (heard !== this.#heard) {
      this.#heard = heard;
      this.#options.onHeard(heard);
    }
    this.#wake?.();
    this.#watchStall();
    this.#settle();
  }

  /** The device stopped by itself, or was told to: this is its last word. */
  truncate(positionInMs: number): void {
    if (this.#state !== 'sounding') return;
    this.#estimated?.stop();
    this.played(positionInMs);
    if (this.#stopping === null) this.stop('interrupted');
    this.#finish();
  }

  /** Ends it with what has been heard; waits a moment for the device's last word. */
  stop(state: Exclude<ReplyOutcome['state'], 'done'>): void {
    if (this.#state === 'ended' || this.#stopping !== null) return;
    this.#stopping = state;
    this.#work.abort();
    this.#wake?.();
    const sounded = this.#sent > 0;
    if (sounded) this.#emit({ type: 'flush', replyId: this.id });
    if (!sounded || this.#estimated) {
      if (this.#estimated) this.played(this.#estimated.positionInMs);
      this.#finish();
      return;
    }
    this.#cancelLastWord = this.#options.clock.after(LAST_WORD_MS, () => this.#finish());
  }

  /** Nobody heard it and nobody shall. */
  drop(): void {
    const told = this.#state === 'sounding';
    this.#state = 'ended';
    this.#cleanUp();
    if (!told) return;
    this.#emit({ type: 'flush', replyId: this.id });
    this.#emit({ type: 'reply-end', replyId: this.id, state: 'interrupted', heard: '', timings: null });
  }

  /** Nobody is attached; the device's silence means nothing. */
  pause(): void {
    this.#cancelStall?.();
    this.#estimated?.stop();
  }

  async #readWords(): Promise<void> {
    const { words, splitter, marks, saidBy = null } = this.#options;
    try {
      this.#saidBy = await saidBy;
      if (this.#state === 'sounding') this.#tellSpeaker();
      for await (const delta of words) {
        if (this.#work.signal.aborted) return;
        if (delta !== '') marks.firstToken();
        this.#addClauses(splitter.push(delta));
      }
    } catch (error) {
      if (!this.#work.signal.aborted) this.#fail('thinking', error);
    } finally {
      if (!this.#work.signal.aborted) this.#addClauses(splitter.end());
      this.#wordsEnded = true;
      this.#wake?.();
    }
  }

  #addClauses(clauses: readonly SpokenClause[]): void {
    if (clauses.length === 0) return;
    this.#clauses.push(...clauses);
    this.#options.marks.firstClause();
    this.#wake?.();
  }

  async #speakClauses(): Promise<void> {
    for (;;) {
      if (this.#work.signal.aborted) return;
      const clause = this.#clauses.shift();
      if (clause) {
        if (!(await this.#speakClause(clause))) break;
      } else if (this.#wordsEnded) {
        break;
      } else {
        await this.#somethingNew();
        continue;
      }
      while (this.#isFarAhead() && !this.#work.signal.aborted) await this.#somethingNew();
    }
    this.#made = true;
    this.#clauses.length = 0;
    this.#options.onReady?.();
    this.#settle();
  }

  /** False when it could not be spoken: what follows would make no sense without it. */
  async #speakClause(clause: SpokenClause): Promise<boolean> {
    const index = this.timeline.begin(clause);
    this.#sendClauseStart(index);
    if (clause.spoken !== '') this.#breathe(clause);
    for (let attempt = 1; clause.spoken !== ''; attempt += 1) {
      const before = this.timeline.durationInMs;
      try {
        await this.#makeSound(clause);
        break;
      } catch (error) {
        if (this.#work.signal.aborted) return false;
        // Half a clause cannot be begun again.
        if (attempt === 1 && this.timeline.durationInMs === before) continue;
        this.#fail('speaking', error);
        return false;
      }
    }
    if (this.#work.signal.aborted) return false;
    this.timeline.finish(index);
    this.#sendClauseEnd(index);
    return true;
  }

  /** The pause that the clause before asks for, at the beginning of this one's sound. */
  #breathe({ text }: SpokenClause): void {
    if (this.#pauseInMs > 0) {
      const samples = new Int16Array(Math.round((SPEAKING_SAMPLE_RATE * this.#pauseInMs) / 1000));
      this.#sendPiece(this.timeline.append(samples));
    }
    this.#pauseInMs = pauseAfter(text);
  }

  async #makeSound({ spoken, emotion }: SpokenClause): Promise<void> {
    const { speaker, marks } = this.#options;
    const request = { text: spoken, emotion, speaker: this.#saidBy, signal: this.#work.signal };
    for await (const samples of speaker.speak(request)) {
      if (this.#work.signal.aborted) return;
      marks.firstAudio();
      for (let start = 0; start < samples.length; start += PIECE_SAMPLES) {
        this.#sendPiece(this.timeline.append(samples.slice(start, start + PIECE_SAMPLES)));
      }
      this.#options.onReady?.();
    }
  }

  #sendClauseStart(index: number): void {
    const timed = this.timeline.clauseAt(index);
    if (this.#state !== 'sounding' || !timed) return;
    const { clause, startInMs } = timed;
    this.#emit({ type: 'clause-start', replyId: this.id, clause: index, text: clause.text, positionInMs: startInMs });
  }

  #sendClauseEnd(index: number): void {
    if (this.#state !== 'sounding') return;
    const endInMs = this.timeline.clauseAt(index)?.endInMs ?? null;
    if (endInMs === null) return;
    this.#emit({ type: 'clause-end', replyId: this.id, clause: index, positionInMs: endInMs });
  }

  #sendPiece({ clause, samples, positionInMs }: AudioPiece): void {
    if (this.#state !== 'sounding') return;
    this.#emit({ type: 'audio', replyId: this.id, clause, samples, positionInMs });
    if (this.#sent === 0) {
      this.#options.marks.firstFrameOut();
      this.#playedAt = this.#options.clock.now();
    }
    this.#sent += samples.length;
    this.#estimated?.sent((samples.length * 1000) / SPEAKING_SAMPLE_RATE, positionInMs);
    if (!this.#cancelStall) this.#watchStall();
  }

  #sendUnheard(): void {
    const { clauses, pieces } = this.timeline.unheard();
    for (const { index, timed } of clauses) {
      this.#sendClauseStart(index);
      for (const piece of pieces) if (piece.clause === index) this.#sendPiece(piece);
      if (timed.endInMs !== null) this.#sendClauseEnd(index);
    }
  }

  #tellSent(): void {
    this.#sentTold = true;
    this.#emit({ type: 'reply-sent', replyId: this.id, durationInMs: this.timeline.durationInMs });
  }

  /** The end, once everything was made and heard. */
  #settle(): void {
    if (this.#state !== 'sounding' || !this.#made || this.#stopping !== null) return;
    if (!this.#sentTold) this.#tellSent();
    if (this.timeline.isHeardThrough()) this.#finish();
  }

  #finish(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#cleanUp();
    const state = this.#stopping ?? (this.#failure ? 'failed' : 'done');
    const heard = state === 'done' ? this.timeline.wholeText() : this.timeline.heardText();
    const durationInMs = Math.round(this.timeline.playedInMs);
    this.#options.onEnd({ state, heard, durationInMs, failure: state === 'failed' ? toPlain(this.#failure) : null });
  }

  #fail(stage: 'thinking' | 'speaking', error: unknown): void {
    if (isAbort(error) || this.#failure) return;
    this.#failure = { stage, ...describeFailure(error) };
    if (this.#state === 'sounding') this.#tellFailure(this.#failure);
  }

  #tellFailure(failure: StagedFailure): void {
    this.#emit({ type: 'failure', ...failure });
  }

  #cleanUp(): void {
    this.#work.abort();
    this.#cancelStall?.();
    this.#cancelLastWord?.();
    this.#estimated?.stop();
    this.#wake?.();
  }

  #watchStall(): void {
    this.#cancelStall?.();
    this.#cancelStall = this.#options.clock.after(STALLED_AFTER_MS, () => {
      if (this.timeline.isHeardThrough()) this.#watchStall();
      else this.stop('stopped');
    });
  }

  #isFarAhead(): boolean {
    return this.timeline.durationInMs - this.timeline.playedInMs > MOST_AHEAD_MS;
  }

  #somethingNew(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #tellStart(): void {
    this.#emit({ type: 'reply-start', replyId: this.id, ...this.#messageId() });
    this.#tellSpeaker();
  }

  #tellSpeaker(): void {
    if (this.#saidBy) this.#emit({ type: 'reply-speaker', replyId: this.id, speaker: this.#saidBy });
  }

  #messageId(): { messageId?: string } {
    const { messageId } = this.#options;
    return messageId === undefined ? {} : { messageId };
  }

  #emit(event: CallEvent): void {
    this.#options.emit(event);
  }
}

function toPlain(failure: StagedFailure | null): Failure | null {
  return failure && { code: failure.code, message: failure.message, retryable: failure.retryable };
}
