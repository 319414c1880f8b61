import type { TurnProfile } from '../../contract/voice.ts';
import type { Answer } from './answer.ts';
import { Answers } from './answers.ts';
import { Audience } from './audience.ts';
import type { CallEndReason, CallEvent, CallState } from './call-events.ts';
import type { Call, CallAttachment, KeptWords } from './call-handle.ts';
import type { CallOptions } from './create-call.ts';
import { describeFailure } from './describe-failure.ts';
import { Ear, type HeardFrame } from './ear.ts';
import { isEcho } from './echo-match.ts';
import { Interruptions } from './interruptions.ts';
import { OnsetDetector } from './onset-detector.ts';
import { PauseModel } from './pause-model.ts';
import { SpokenTurn, type DecidedTurn } from './spoken-turn.ts';
import { TURN_PATIENCE } from './turn-profile.ts';
import type { ConfirmedTurn } from './voice-ports.ts';

/*
 * A call: who speaks now
 *
 *                  onset                        silence + sense                    first sound
 *   listening ──────────────▶ hearing ──────────────────────────▶ thinking ───────────────────▶ speaking
 *       ▲                      ▲  │ no words                        │  │ speech before             │  │
 *       │◀─────────────────────┼──┘                                 │  │ it is kept: the same      │  │
 *       │                      └────────────────────────────────────┼──┘ turn goes on              │  │
 *       │                      ▲                                    │                              │  │
 *       │                      └──────────── interruption, judged by an Overlap ───────────────────┼──┘
 *       └──────────────────────────────────── heard to its end ────────────────────────────────────┘
 *
 *   away   nobody is attached: the reply waits where it was heard to; attaching goes on from there.
 *   ended  everything that was heard is kept.
 *
 * One human turn and one reply are under way at most; what is said by those who answer is in
 * `answers.ts`. Where several do, the next of them is made ready while nobody speaks, and any word of the person drops it.
 */

/** An answer may be begun so often before a turn is certain (as LiveKit's preemptive generation, 3). */
const MOST_DRAFTS = 4;
/** What somebody says in the moment of hanging up is waited for so long, milliseconds. */
const LAST_WORDS_MS = 3000;

export class CallSession implements Call {
  readonly #options: CallOptions;
  readonly #audience = new Audience();
  readonly #ear: Ear;
  readonly #pauses = new PauseModel();
  readonly #interruptions: Interruptions;
  readonly #answers: Answers;
  readonly #onset = new OnsetDetector();
  #profile: TurnProfile;
  #state: CallState = 'away';
  #turn: SpokenTurn | null = null;
  #drafts = 0;
  #decided: DecidedTurn | null = null;
  #pressed = false;
  #cancelConfirm: (() => void) | undefined;
  #ending: Promise<void> | undefined;

  constructor(options: CallOptions) {
    this.#options = options;
    this.#profile = options.profile;
    this.#interruptions = new Interruptions({
      ...options,
      emit: (event) => this.#emit(event),
      onVerdict: () => this.#onset.reset(),
      onInterrupt: (turnId, frames) => this.#giveWay(turnId, frames),
    });
    this.#answers = new Answers(options, {
      profile: () => this.#profile,
      isQuiet: () => !this.#ending && !this.#turn,
      isHeard: () => this.#audience.isThere,
      emit: (event) => this.#emit(event),
      look: () => this.#look(),
      leave: (reply) => this.#interruptions.leave(reply),
      onConfirm: (answer, kept) => this.#confirmed(answer, kept),
      supersede: () => this.#supersede(),
      onEnd: () => this.#handOver(),
    });
    this.#ear = new Ear({
      activity: options.listener.activity,
      clock: options.clock,
      onFrame: (frame) => this.#frame(frame),
      isAwaited: () => this.#audience.isThere && (this.#turn?.isOpen === true || this.#interruptions.isJudging),
      onFailure: (error) => this.#fail('hearing', error),
    });
  }

  get state(): CallState {
    return this.#state;
  }

  attach(): CallAttachment {
    const attachment = this.#audience.attach(() => {
      this.#answers.reply?.pause();
      this.#look();
    });
    this.#state = 'away';
    this.#look();
    this.#answers.reply?.resend();
    this.#answers.letFollow();
    return attachment;
  }

  hear(samples: Float32Array): void {
    if (!this.#ending) this.#ear.hear(samples);
  }

  played({ replyId, positionInMs }: { replyId: string; positionInMs: number }): void {
    this.#answers.byId(replyId)?.played(positionInMs);
  }

  truncate({ replyId, positionInMs }: { replyId: string; positionInMs: number }): void {
    this.#answers.byId(replyId)?.truncate(positionInMs);
  }

  interrupt(): void {
    this.#answers.dropFollowing();
    this.#answers.reply?.stop('interrupted');
    this.#look();
  }

  type(text: string): void {
    if (this.#ending || text.trim() === '') return;
    this.#answers.dropFollowing();
    this.#interruptions.drop();
    if (this.#turn?.isOpen) this.clearTurn();
    this.#answers.reply?.stop('interrupted');
    this.#supersede();
    const answer = this.#begin(text, 'typed');
    const now = this.#options.clock.now();
    answer.release({
      said: { text, language: null, samples: null },
      turn: { speechEndedAt: now, decidedAt: now, transcriptAt: now },
      drafts: 1,
    });
    answer.confirm();
    this.#look();
  }

  press(): void {
    if (this.#ending || this.#pressed) return;
    this.#pressed = true;
    this.#answers.dropFollowing();
    this.#interruptions.drop();
    this.#answers.reply?.stop('interrupted');
    this.#supersede();
    this.#turn?.close();
    this.#listen({ frames: [], patient: false });
  }

  release(): void {
    if (!this.#pressed) return;
    this.#pressed = false;
    this.#endTurn();
  }

  endTurn(): void {
    this.#endTurn();
  }

  clearTurn(): void {
    if (!this.#turn || this.#answers.current?.isConfirmed) return;
    this.#turn.close();
    this.#turn = null;
    this.#answers.discard();
    this.#look();
  }

  say(words: KeptWords): void {
    if (this.#ending) return;
    this.#answers.dropFollowing();
    this.#answers.say(words);
  }

  setProfile(profile: TurnProfile): void {
    this.#profile = profile;
  }

  end(reason: CallEndReason): Promise<void> {
    this.#ending ??= this.#end(reason);
    return this.#ending;
  }

  /** What was said before the word that it is over belongs to it, also where it is still being looked at. */
  #endTurn(): void {
    this.#ear.whenIdle(() => this.#turn?.endNow());
  }

  #frame(frame: HeardFrame): void {
    if (this.#ending) return;
    const onset = this.#onset.frame(frame);
    if (this.#turn && (this.#turn.isOpen || !this.#answers.current?.isConfirmed)) {
      this.#turn.frame(frame);
    } else if (this.#profile === 'push-to-talk') {
      return;
    } else if (this.#interruptions.isJudging) {
      this.#interruptions.frame(frame);
    } else if (onset) {
      if (this.#answers.reply) this.#interruptions.begin(this.#answers.reply, onset);
      else this.#listen({ frames: onset, patient: true });
    }
  }

  /** A person begins to speak. */
  #listen({ frames, patient, id }: { frames: readonly HeardFrame[]; patient: boolean; id?: string }): void {
    const { clock, listener, newId } = this.#options;
    const turnId = id ?? newId();
    const echoOf = this.#interruptions.lingering;
    this.#drafts = 0;
    this.#decided = null;
    if (id === undefined) this.#emit({ type: 'speech-start', turnId, positionInMs: positionOf(frames, this.#ear) });
    this.#turn = new SpokenTurn(
      {
        id: turnId,
        clock,
        listener,
        pauses: this.#pauses,
        patience: () => (patient && this.#profile !== 'push-to-talk' ? TURN_PATIENCE[this.#profile] : null),
        onPause: (positionInMs) => this.#emit({ type: 'speech-end', turnId, positionInMs }),
        onResume: (positionInMs) => {
          this.#emit({ type: 'speech-start', turnId, positionInMs });
          this.#look();
        },
        onTranscript: (text, likelyOver) => {
          const echoed = echoOf !== '' && isEcho({ heard: text, playing: echoOf });
          if (!echoed) this.#understand({ turnId, text, likelyOver });
        },
        onRevise: () => this.#takeBack(),
        onDecide: (turn) => this.#decide(turn, { turnId, echoOf }),
        onDismiss: () => this.#dismiss('noise'),
        onFailure: (error) => this.#fail('hearing', error),
      },
      frames,
    );
    this.#look();
  }

  #understand({ turnId, text, likelyOver }: { turnId: string; text: string; likelyOver: boolean }): void {
    this.#answers.dropFollowing();
    this.#emit({ type: 'transcript', turnId, text, final: false });
    if (!likelyOver || this.#drafts >= MOST_DRAFTS) return;
    if (this.#answers.current && saysTheSame(this.#answers.current.text, text)) return;
    this.#takeBack();
    this.#begin(text, 'spoken');
  }

  /** The person went on before the answer counted: it never was. */
  #takeBack(): void {
    this.#cancelConfirm?.();
    this.#decided = null;
    this.#answers.takeBack();
  }

  #decide(turn: DecidedTurn, { turnId, echoOf }: { turnId: string; echoOf: string }): void {
    if (echoOf !== '' && isEcho({ heard: turn.text, playing: echoOf })) {
      this.#takeBack();
      return this.#dismiss('echo');
    }
    this.#answers.dropFollowing();
    this.#decided = turn;
    this.#emit({ type: 'transcript', turnId, text: turn.text, final: true });
    if (this.#answers.current && !saysTheSame(this.#answers.current.text, turn.text)) this.#takeBack();
    this.#decided = turn;
    const answer = this.#answers.current ?? this.#begin(turn.text, 'spoken');
    const { language, samples } = turn;
    // The words that were answered: they may differ from the last transcript in a comma.
    const { text } = answer;
    answer.release({ said: { text, language, samples }, turn, drafts: this.#drafts });
    const patience = this.#profile === 'push-to-talk' ? null : TURN_PATIENCE[this.#profile];
    this.#cancelConfirm = this.#options.clock.after(patience?.reopenInMs ?? 0, () => answer.confirm());
    this.#look();
  }

  #dismiss(reason: 'echo' | 'back-channel' | 'noise'): void {
    const turnId = this.#turn?.id;
    this.#takeBack();
    this.#turn = null;
    if (turnId !== undefined) this.#emit({ type: 'speech-dismiss', turnId, reason });
    this.#answers.letFollow();
    this.#look();
  }

  #begin(text: string, how: 'spoken' | 'typed'): Answer {
    this.#drafts += 1;
    return this.#answers.begin(text, how);
  }

  #confirmed(answer: Answer, { id, ids }: { id: string; ids: ConfirmedTurn }): void {
    const { messageId, replyMessageId } = ids;
    if (messageId === null) return this.#emit({ type: 'reply-commit', replyId: id, replyMessageId });
    this.#emit({ type: 'turn-commit', turnId: this.#turn?.id ?? id, replyId: id, messageId, replyMessageId });
    if (this.#answers.current !== answer || !this.#turn || this.#turn.isOpen) return;
    this.#interruptions.learn(this.#turn.speech());
    this.#turn.close();
    this.#turn = null;
  }

  /** Somebody speaks into the reply, and means it. */
  #giveWay(turnId: string, frames: readonly HeardFrame[]): void {
    this.#answers.reply?.stop('interrupted');
    this.#supersede();
    this.#listen({ frames, patient: true, id: turnId });
  }

  /** The reply ended by itself while somebody was speaking over it. */
  #handOver(): void {
    if (this.#answers.reply) return;
    const speaker = this.#interruptions.handOver();
    if (speaker) this.#listen({ frames: speaker.frames, patient: true, id: speaker.turnId });
  }

  /** The present reply is ending, and with it the turn that it answers. */
  #supersede(): void {
    if (!this.#answers.current) return;
    this.#answers.release();
    this.#turn?.close();
    this.#turn = null;
  }

  #fail(stage: 'hearing' | 'thinking' | 'speaking', error: unknown): void {
    this.#emit({ type: 'failure', stage, ...describeFailure(error) });
  }

  #emit(event: CallEvent): void {
    this.#audience.tell(event);
    if (event.type === 'audio' && this.#state !== 'speaking') this.#look();
  }

  /** The state as things stand; told when it is another one. */
  #look(): void {
    const state = this.#stateNow();
    if (state === this.#state) return;
    this.#state = state;
    this.#audience.tell({ type: 'state-change', state });
  }

  #stateNow(): CallState {
    if (this.#ending) return 'ended';
    if (!this.#audience.isThere) return 'away';
    if (this.#turn?.isOpen) return 'hearing';
    const reply = this.#answers.reply;
    if (reply?.isSounding) return 'speaking';
    if (this.#answers.current && (this.#decided || this.#answers.current.isConfirmed)) return 'thinking';
    if (this.#answers.isFollowing) return 'thinking';
    return 'listening';
  }

  async #end(reason: CallEndReason): Promise<void> {
    this.#ear.close();
    this.#answers.dropFollowing();
    this.#interruptions.drop();
    this.#cancelConfirm?.();
    await this.#keepLastWords();
    await this.#answers.end();
    this.#turn?.close();
    this.#state = 'ended';
    this.#audience.tell({ type: 'state-change', state: 'ended' });
    this.#audience.close({ type: 'call-end', reason });
  }

  /** Who hangs up in mid-sentence has still said it. */
  async #keepLastWords(): Promise<void> {
    const turn = this.#turn;
    if (!turn?.isOpen) return;
    this.#answers.discard();
    const { clock, listener } = this.#options;
    const { samples, language } = turn.leave();
    const patience = new AbortController();
    const cancel = clock.after(LAST_WORDS_MS, () => patience.abort());
    const heard = await listener.transcribe({ samples, signal: patience.signal }).catch(() => null);
    cancel();
    const text = heard?.text || turn.text;
    if (text === '') return;
    const answer = this.#begin(text, 'spoken');
    answer.release({ said: { text, language: heard?.language ?? language, samples }, turn: null, drafts: 1 });
    answer.confirm();
  }
}

/** Whether two transcripts are one, but for punctuation and capitals. */
function saysTheSame(one: string, other: string): boolean {
  const words = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  return words(one) === words(other);
}

function positionOf(frames: readonly HeardFrame[], ear: Ear): number {
  return frames[0]?.positionInMs ?? ear.positionInMs;
}
