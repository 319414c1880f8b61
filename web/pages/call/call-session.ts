import type { RealtimeServerEvent } from '../../../contract/realtime-server-events.ts';
import type { TurnProfile } from '../../../contract/voice.ts';
import { CallAudio } from './audio/call-audio.ts';
import type { MicrophoneProblem } from './audio/microphone.ts';
import type { CallLink, CallLinkEvents } from './call-link.ts';
import { EMPTY_CALL, reduceCall } from './call-view.ts';
import type { CallFailure, CallView, CallWord } from './call-view.ts';

/**
 * How far a call's screen is.
 *   idle      waits for the press that browsers demand before sound
 *   starting  asks for the microphone, connects
 *   live      until it ends
 *   over      hung up, taken over, or refused
 */
export type CallPhase = 'idle' | 'starting' | 'live' | 'over';

export interface CallScreenState {
  phase: CallPhase;
  view: CallView;
  /** Epoch ms by this device's clock. */
  startedAt: number | null;
  muted: boolean;
  microphone: { open: boolean; problem: MicrophoneProblem | null };
  /** The system took the sound away; a press brings it back. */
  paused: boolean;
  /** The button of push-to-talk is down. */
  held: boolean;
}

export interface CallSettings {
  profile: TurnProfile;
  speed: number;
}

export interface CallSessionOptions {
  connect: (events: CallLinkEvents) => CallLink;
  settings: CallSettings;
  now: () => number;
}

export const IDLE: CallScreenState = {
  phase: 'idle',
  view: EMPTY_CALL,
  startedAt: null,
  muted: false,
  microphone: { open: false, problem: null },
  paused: false,
  held: false,
};

/** One call as its screen sees it: sound in and out, the way to the house, and what to show. */
export class CallSession implements Disposable {
  readonly #options: CallSessionOptions;
  readonly #listeners = new Set<() => void>();
  readonly #life = new AbortController();
  #settings: CallSettings;
  #state = IDLE;
  #audio: CallAudio | null = null;
  #link: CallLink | null = null;
  /** Items by the response that made them. */
  readonly #items = new Map<string, string>();

  constructor(options: CallSessionOptions) {
    this.#options = options;
    this.#settings = options.settings;
  }

  readonly getState = (): CallScreenState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly levels = (): { mine: number; theirs: number } => this.#audio?.levels ?? { mine: -90, theirs: -90 };

  /** Begins. Called in a press where the browser wants one before it lets a page sound; else it stays `idle`. */
  async start(): Promise<void> {
    if (this.#state.phase !== 'idle') return;
    this.#change({ phase: 'starting' });
    const context = CallAudio.createContext();
    if (!(await runs(context))) {
      await context.close();
      this.#change({ phase: 'idle' });
      return;
    }
    const audio = await CallAudio.open(context, {
      onFrame: (samples) => this.#link?.sendAudio(samples),
      onPosition: (position) => this.#onPosition(position),
      onMicrophone: (microphone) => this.#change({ microphone }),
      onPause: (paused) => this.#change({ paused }),
    });
    if (this.#life.signal.aborted) {
      await audio[Symbol.asyncDispose]();
      return;
    }
    this.#audio = audio;
    this.#listenForWake();
    this.#link = this.#options.connect({
      onEvent: (event) => this.#onEvent(event),
      onAudio: ({ itemId, ...piece }) => audio.play({ replyId: itemId, ...piece }),
      onLink: (link, reason) => {
        this.#say({ type: 'link-change', link });
        if (link === 'connecting' && reason !== undefined) this.#say({ type: 'failure', failure: UNREACHABLE });
        if (link === 'open') this.#say({ type: 'failure-dismiss' });
        if (link === 'closed') this.#finish(reason ?? 'failed');
      },
    });
  }

  get audio(): CallAudio | null {
    return this.#audio;
  }

  mute(muted: boolean): void {
    this.#audio?.mute(muted);
    this.#link?.send({ type: 'everwith.input.mute', muted });
    this.#change({ muted });
  }

  /** Stops the reply here at once; the house hears of it after. */
  interrupt(): void {
    const reply = this.#state.view.reply;
    if (reply !== null) this.#audio?.flush(reply.id);
    this.#link?.send({ type: 'everwith.interrupt' });
  }

  type(text: string): void {
    this.interrupt();
    const item = { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
    this.#link?.send({ type: 'conversation.item.create', item });
    this.#link?.send({ type: 'response.create' });
  }

  hold(held: boolean): void {
    if (this.#state.held === held) return;
    this.#link?.send({ type: held ? 'everwith.input.press' : 'everwith.input.release' });
    this.#change({ held });
  }

  set(settings: CallSettings): void {
    this.#settings = settings;
    this.#sendSettings();
  }

  dismissFailure(): void {
    this.#say({ type: 'failure-dismiss' });
  }

  dismissNotice(): void {
    this.#say({ type: 'notice-dismiss' });
  }

  /** Hangs up. */
  end(): void {
    this.#link?.send({ type: 'everwith.call.end' });
    this.#finish('hung-up');
  }

  /** The screen is gone: the call waits a while for somebody to come back. */
  [Symbol.dispose](): void {
    this.#life.abort();
    this.#listeners.clear();
    this.#link?.close();
    void this.#audio?.[Symbol.asyncDispose]();
  }

  #finish(reason: string): void {
    if (this.#state.phase === 'over') return;
    this.#say({ type: 'call-end', reason });
    this.#change({ phase: 'over' });
    this.#link?.close();
    void this.#audio?.[Symbol.asyncDispose]();
  }

  #onPosition({ replyId, positionInMs }: { replyId: string; positionInMs: number }): void {
    this.#link?.send({ type: 'everwith.playback.position', item_id: replyId, position_ms: positionInMs });
    this.#say({ type: 'sounded', replyId, positionInMs });
  }

  #onEvent(event: RealtimeServerEvent): void {
    this.#play(event);
    const word = wordOf(event);
    if (word !== null) this.#say(word);
    if (event.type === 'session.created') this.#onSession();
    if (event.type === 'everwith.call.ended') this.#finish(event.reason);
    if (event.type === 'everwith.taken_over') this.#finish('taken-over');
  }

  #onSession(): void {
    this.#sendSettings();
    if (this.#state.muted) this.#link?.send({ type: 'everwith.input.mute', muted: true });
    this.#change({ phase: 'live', startedAt: this.#state.startedAt ?? this.#options.now() });
  }

  #sendSettings(): void {
    const { profile, speed } = this.#settings;
    const session = { audio: { output: { speed } }, everwith: { profile } };
    this.#link?.send({ type: 'session.update', session });
  }

  /** What sounded while the way was cut is told when the reply is told again; playing it twice would tell nothing. */
  #reportAgain(replyId: string): void {
    const reply = this.#state.view.reply;
    if (reply?.id !== replyId || reply.soundedInMs < 0) return;
    this.#link?.send({ type: 'everwith.playback.position', item_id: replyId, position_ms: reply.soundedInMs });
  }

  /** What an event means for the loudspeaker. */
  #play(event: RealtimeServerEvent): void {
    switch (event.type) {
      case 'response.output_item.added':
        this.#items.set(event.response_id, event.item.id);
        break;
      case 'everwith.clause.started':
        this.#items.set(event.response_id, event.item_id);
        break;
      case 'everwith.reply.sent':
        this.#audio?.sent(event.item_id, event.duration_ms);
        this.#reportAgain(event.item_id);
        break;
      case 'output_audio_buffer.cleared':
        this.#audio?.flush(this.#items.get(event.response_id) ?? this.#state.view.reply?.id ?? '');
        break;
      case 'everwith.reply.ended':
        this.#items.delete(event.response_id);
        break;
      case 'everwith.duck':
        this.#audio?.duck(true);
        break;
      case 'everwith.unduck':
        this.#audio?.duck(false);
        break;
      default:
    }
  }

  #listenForWake(): void {
    const { signal } = this.#life;
    const wake = () => this.#link?.wake();
    globalThis.addEventListener('online', wake, { signal });
    document.addEventListener('visibilitychange', wake, { signal });
  }

  #say(word: CallWord): void {
    const view = reduceCall(this.#state.view, word);
    if (view !== this.#state.view) this.#change({ view });
  }

  #change(change: Partial<CallScreenState>): void {
    if (this.#life.signal.aborted) return;
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** Words of ours: the house said none. */
const UNREACHABLE: CallFailure = { stage: 'connection', code: 'unreachable', message: '', retryable: true };

/** What an event means for the eye; null for those that mean nothing to it. */
export function wordOf(event: RealtimeServerEvent): CallWord | null {
  switch (event.type) {
    case 'everwith.state':
      return { type: 'state-change', state: event.state };
    case 'everwith.clause.started':
      return {
        type: 'clause-start',
        replyId: event.item_id,
        clause: event.clause,
        text: event.text,
        positionInMs: event.position_ms,
      };
    case 'everwith.speaker.named':
      return { type: 'speaker-name', replyId: event.item_id, speaker: event.speaker };
    case 'response.output_item.done': {
      const speaker = event.item.everwith?.speaker;
      return speaker === undefined ? null : { type: 'speaker-name', replyId: event.item.id, speaker };
    }
    case 'everwith.transcript.changed':
      return { type: 'transcript', turnId: event.item_id, text: event.text, final: false };
    case 'conversation.item.input_audio_transcription.completed':
      return { type: 'transcript', turnId: event.item_id, text: event.transcript, final: true };
    case 'everwith.speech.dismissed':
      return { type: 'speech-dismiss', turnId: event.item_id };
    case 'response.output_item.added':
      return { type: 'reply-start', replyId: event.item.id };
    case 'everwith.reply.ended':
      return event.state === 'interrupted' ? { type: 'reply-interrupt', replyId: event.item_id } : null;
    case 'error': {
      const { code, message, everwith } = event.error;
      if (code === 'voice-shared') return { type: 'notice', code };
      const { stage, retryable } = everwith ?? { stage: 'connection' as const, retryable: false };
      return { type: 'failure', failure: { stage, code, message, retryable } };
    }
    default:
      return null;
  }
}

/** How long a browser that lets a page sound needs for it, generously. */
const RESUME_LIMIT_IN_MS = 1_500;

/** Whether the browser lets the page sound now: without a press most never answer. */
async function runs(context: AudioContext): Promise<boolean> {
  if (context.state === 'running') return true;
  const limit = new Promise<void>((resolve) => setTimeout(resolve, RESUME_LIMIT_IN_MS));
  await Promise.race([context.resume().catch(() => undefined), limit]);
  // The await changed it; TypeScript keeps the state from before.
  return (context.state as AudioContextState) === 'running';
}
