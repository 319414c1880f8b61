import type { TurnProfile } from '../../contract/voice.ts';
import { Answer } from './answer.ts';
import { Audience } from './audience.ts';
import type { CallEndReason, CallEvent, CallState } from './call-events.ts';
import type { Call, CallAttachment } from './call-handle.ts';
import { ClauseSplitter } from './clauses/clause-splitter.ts';
import type { CallOptions } from './create-call.ts';
import { describeFailure } from './describe-failure.ts';
import { Ear, type HeardFrame } from './ear.ts';
import { isEcho } from './echo-match.ts';
import { FollowUp } from './follow-up.ts';
import { Interruptions } from './interruptions.ts';
import { OnsetDetector } from './onset-detector.ts';
import { PauseModel } from './pause-model.ts';
import { ReplyMarks } from './reply-marks.ts';
import { SpokenReply } from './spoken-reply.ts';
import { SpokenTurn, type DecidedTurn } from './spoken-turn.ts';
import { TURN_PATIENCE } from './turn-profile.ts';
import type { ConfirmedTurn, ReplyDraft } from './voice-ports.ts';

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
 * One human turn and one reply are under way at most; where several answer, the next of them is made ready while nobody
 * speaks (`follow-up.ts`), and any word of the person drops it. What is kept is kept in order: a new draft begins when the end of
 * the reply before it is on disk, so that a model never sees what nobody heard.
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
  readonly #onset = new OnsetDetector();
  #profile: TurnProfile;
  #state: CallState = 'away';
  #turn: SpokenTurn | null = null;
  #drafts = 0;
  #decided: DecidedTurn | null = null;
  #answer: Answer | null = null;
  #saying: SpokenReply | null = null;
  #leaving: SpokenReply | null = null;
  #following: FollowUp | null = null;
  #pressed = false;
  #kept: Promise<void> = Promise.resolve();
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
      this.#reply?.pause();
      this.#look();
    });
    this.#state = 'away';
    this.#look();
    this.#reply?.resend();
    this.#letFollow();
    return attachment;
  }

  hear(samples: Float32Array): void {
    if (!this.#ending) this.#ear.hear(samples);
  }

  played({ replyId, positionInMs }: { replyId: string; positionInMs: number }): void {
    this.#replyById(replyId)?.played(positionInMs);
  }

  truncate({ replyId, positionInMs }: { replyId: string; positionInMs: number }): void {
    this.#replyById(replyId)?.truncate(positionInMs);
  }

  interrupt(): void {
    this.#dropFollowing();
    this.#reply?.stop('interrupted');
    this.#look();
  }

  type(text: string): void {
    if (this.#ending || text.trim() === '') return;
    this.#dropFollowing();
    this.#interruptions.drop();
    if (this.#turn?.isOpen) this.clearTurn();
    this.#reply?.stop('interrupted');
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
    this.#dropFollowing();
    this.#interruptions.drop();
    this.#reply?.stop('interrupted');
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
    if (!this.#turn || this.#answer?.isConfirmed) return;
    this.#turn.close();
    this.#turn = null;
    this.#answer?.discard();
    this.#answer = null;
    this.#look();
  }

  say({ text, messageId }: { text: string; messageId: string }): void {
    if (this.#ending) return;
    this.#dropFollowing();
    const { newId, clock } = this.#options;
    const id = newId();
    this.#saying = new SpokenReply({
      ...this.#replyParts(),
      id,
      messageId,
      words: single(text),
      marks: new ReplyMarks(() => clock.now()),
      onHeard: () => undefined,
      onEnd: ({ state, heard }) => {
        if (this.#saying) this.#interruptions.leave(this.#saying);
        this.#saying = null;
        this.#emit({ type: 'reply-end', replyId: id, state, heard, timings: null });
        this.#look();
      },
    });
    this.#saying.release();
    this.#look();
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

  get #reply(): SpokenReply | null {
    return this.#answer?.reply ?? this.#saying;
  }

  /** One that was told to stop still hears the device's last word. */
  #replyById(id: string): SpokenReply | undefined {
    return [this.#answer?.reply, this.#saying, this.#leaving].find((reply) => reply?.id === id) ?? undefined;
  }

  #frame(frame: HeardFrame): void {
    if (this.#ending) return;
    const onset = this.#onset.frame(frame);
    if (this.#turn && (this.#turn.isOpen || !this.#answer?.isConfirmed)) {
      this.#turn.frame(frame);
    } else if (this.#profile === 'push-to-talk') {
      return;
    } else if (this.#interruptions.isJudging) {
      this.#interruptions.frame(frame);
    } else if (onset) {
      if (this.#reply) this.#interruptions.begin(this.#reply, onset);
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
    this.#dropFollowing();
    this.#emit({ type: 'transcript', turnId, text, final: false });
    if (!likelyOver || this.#drafts >= MOST_DRAFTS) return;
    if (this.#answer && saysTheSame(this.#answer.text, text)) return;
    this.#takeBack();
    this.#begin(text, 'spoken');
  }

  /** The person went on before the answer counted: it never was. */
  #takeBack(): void {
    this.#cancelConfirm?.();
    this.#decided = null;
    if (!this.#answer || this.#answer.isConfirmed) return;
    this.#interruptions.leave(this.#answer.reply);
    this.#answer.discard();
    this.#answer = null;
  }

  #decide(turn: DecidedTurn, { turnId, echoOf }: { turnId: string; echoOf: string }): void {
    if (echoOf !== '' && isEcho({ heard: turn.text, playing: echoOf })) {
      this.#takeBack();
      return this.#dismiss('echo');
    }
    this.#dropFollowing();
    this.#decided = turn;
    this.#emit({ type: 'transcript', turnId, text: turn.text, final: true });
    if (this.#answer && !saysTheSame(this.#answer.text, turn.text)) this.#takeBack();
    this.#decided = turn;
    const answer = this.#answer ?? this.#begin(turn.text, 'spoken');
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
    this.#letFollow();
    this.#look();
  }

  #begin(text: string, how: 'spoken' | 'typed'): Answer {
    const { replier } = this.#options;
    this.#drafts += 1;
    const answer = this.#open(text, async (signal) => replier.draft({ text, how, signal }));
    this.#answer = answer;
    return answer;
  }

  #open(text: string, draft: (signal: AbortSignal) => Promise<ReplyDraft | null>): Answer {
    const id = this.#options.newId();
    const answer: Answer = new Answer({
      ...this.#replyParts(),
      id,
      text,
      draft,
      profile: this.#profile,
      after: this.#kept,
      onReady: () => this.#letFollow(),
      onConfirm: (ids) => this.#confirmed(answer, { id, ids }),
      onLost: (failure) => {
        this.#emit({ type: 'failure', stage: 'thinking', ...failure });
        if (this.#answer === answer) this.#supersede();
        this.#look();
      },
      onEnd: (ending) => {
        this.#interruptions.leave(answer.reply);
        const isCurrent = this.#answer === answer;
        if (isCurrent) this.#supersede();
        if (this.#leaving === answer.reply) this.#leaving = null;
        this.#emit({ type: 'reply-end', replyId: id, ...ending });
        this.#handOver();
        if (isCurrent && ending.state === 'done') this.#askToFollow(answer);
        this.#look();
      },
    });
    return answer;
  }

  /** Another may go on, where nobody has begun to speak. */
  #askToFollow(after: Answer): void {
    if (this.#ending || this.#turn) return;
    this.#following = new FollowUp({
      after,
      since: this.#options.clock.now(),
      begin: (draft) => this.#open('', async () => draft),
      onKnown: (follows) => {
        if (!follows) this.#following = null;
        this.#look();
      },
    });
  }

  /** Lets the next one sound, once there is sound and somebody to hear it, and nobody speaks. */
  #letFollow(): void {
    const following = this.#following;
    const answer = following?.answer;
    if (!following || !answer?.reply.isReady || this.#turn || this.#reply || this.#ending || !this.#audience.isThere) {
      return;
    }
    const { since } = following;
    this.#following = null;
    this.#answer = answer;
    answer.release({ said: null, turn: { speechEndedAt: since, decidedAt: since, transcriptAt: since }, drafts: 1 });
    this.#look();
  }

  #dropFollowing(): void {
    this.#following?.drop();
    this.#following = null;
  }

  #confirmed(answer: Answer, { id, ids }: { id: string; ids: ConfirmedTurn }): void {
    this.#kept = answer.finished;
    const { messageId, replyMessageId } = ids;
    if (messageId === null) return this.#emit({ type: 'reply-commit', replyId: id, replyMessageId });
    this.#emit({ type: 'turn-commit', turnId: this.#turn?.id ?? id, replyId: id, messageId, replyMessageId });
    if (this.#answer !== answer || !this.#turn || this.#turn.isOpen) return;
    this.#interruptions.learn(this.#turn.speech());
    this.#turn.close();
    this.#turn = null;
  }

  /** Somebody speaks into the reply, and means it. */
  #giveWay(turnId: string, frames: readonly HeardFrame[]): void {
    this.#reply?.stop('interrupted');
    this.#supersede();
    this.#listen({ frames, patient: true, id: turnId });
  }

  /** The reply ended by itself while somebody was speaking over it. */
  #handOver(): void {
    if (this.#reply) return;
    const speaker = this.#interruptions.handOver();
    if (speaker) this.#listen({ frames: speaker.frames, patient: true, id: speaker.turnId });
  }

  /** The present reply is ending; the next draft waits for what is kept of it. */
  #supersede(): void {
    const answer = this.#answer;
    if (!answer) return;
    this.#kept = answer.finished;
    this.#leaving = answer.reply;
    this.#answer = null;
    this.#turn?.close();
    this.#turn = null;
  }

  #replyParts() {
    const { speaker, clock, playback, narration } = this.#options;
    return {
      speaker,
      clock,
      playback,
      splitter: new ClauseSplitter(narration === undefined ? {} : { narration }),
      emit: (event: CallEvent) => this.#emit(event),
    };
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
    const reply = this.#reply;
    if (reply?.isSounding) return 'speaking';
    if (this.#answer && (this.#decided || this.#answer.isConfirmed)) return 'thinking';
    if (this.#following?.answer) return 'thinking';
    return 'listening';
  }

  async #end(reason: CallEndReason): Promise<void> {
    this.#ear.close();
    this.#dropFollowing();
    this.#interruptions.drop();
    this.#cancelConfirm?.();
    await this.#keepLastWords();
    const answer = this.#answer;
    this.#saying?.stop('stopped');
    answer?.reply.stop('stopped');
    await (answer ? answer.finished : this.#kept);
    this.#turn?.close();
    this.#state = 'ended';
    this.#audience.tell({ type: 'state-change', state: 'ended' });
    this.#audience.close({ type: 'call-end', reason });
  }

  /** Who hangs up in mid-sentence has still said it. */
  async #keepLastWords(): Promise<void> {
    const turn = this.#turn;
    if (!turn?.isOpen) return;
    this.#answer?.discard();
    this.#answer = null;
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

async function* single(text: string): AsyncGenerator<string> {
  yield text;
}

function positionOf(frames: readonly HeardFrame[], ear: Ear): number {
  return frames[0]?.positionInMs ?? ear.positionInMs;
}
