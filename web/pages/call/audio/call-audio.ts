// oxlint-disable-next-line import/default -- Vite answers the address of what it built
import captureUrl from './capture-worklet.ts?worker&url';
import { MicrophoneError, openMicrophone } from './microphone.ts';
import type { MicrophoneProblem } from './microphone.ts';
import { OutputRoute, chooseOutputWay } from './output-route.ts';
// oxlint-disable-next-line import/default -- Vite answers the address of what it built
import playbackUrl from './playback-worklet.ts?worker&url';
import { rememberAudio, rememberedAudio } from './remembered.ts';
import { CAPTURE_PROCESSOR, PLAYBACK_PROCESSOR, listen } from './worklet-messages.ts';
import type { FromCapture, FromPlayback, ToCapture, ToPlayback } from './worklet-messages.ts';

const SILENCE_IN_DB = -90;

export interface CallAudioEvents {
  /** 20 ms, mono PCM16 of 16 kHz. */
  onFrame: (samples: Int16Array) => void;
  onPosition: (position: { replyId: string; positionInMs: number; done: boolean }) => void;
  onMicrophone: (state: { open: boolean; problem: MicrophoneProblem | null }) => void;
  /** The system took the sound away (a phone call, a page asleep), or gave it back. */
  onPause: (paused: boolean) => void;
}

/**
 * The microphone and the loudspeaker of a call. `open` has to run in a click where the browser asks for one; a missing
 * microphone is told, not thrown, for one can listen and type without.
 */
export class CallAudio implements AsyncDisposable {
  readonly #context: AudioContext;
  readonly #events: CallAudioEvents;
  readonly #life = new AbortController();
  readonly #playback: AudioWorkletNode;
  readonly #capture: AudioWorkletNode;
  #route: OutputRoute | null = null;
  #stream: MediaStream | null = null;
  #source: MediaStreamAudioSourceNode | null = null;
  #theirs = SILENCE_IN_DB;
  #mine = SILENCE_IN_DB;

  private constructor(context: AudioContext, events: CallAudioEvents) {
    this.#context = context;
    this.#events = events;
    this.#playback = new AudioWorkletNode(context, PLAYBACK_PROCESSOR, {
      numberOfInputs: 0,
      outputChannelCount: [1],
    });
    this.#capture = new AudioWorkletNode(context, CAPTURE_PROCESSOR, { numberOfOutputs: 0, channelCount: 1 });
    listen<FromPlayback>(this.#playback.port, (word) => this.#onPlayback(word));
    listen<FromCapture>(this.#capture.port, ({ levelInDb, samples }) => {
      this.#mine = levelInDb;
      events.onFrame(samples);
    });
    const { port1, port2 } = new MessageChannel();
    this.#tellCapture({ type: 'connect', port: port1 }, [port1]);
    this.#tellPlayback({ type: 'connect', port: port2 }, [port2]);
  }

  /** Makes a context; call it before anything is awaited in a click. */
  static createContext(): AudioContext {
    return new AudioContext({ latencyHint: 'interactive' });
  }

  static async open(context: AudioContext, events: CallAudioEvents): Promise<CallAudio> {
    await Promise.all([context.audioWorklet.addModule(captureUrl), context.audioWorklet.addModule(playbackUrl)]);
    const audio = new CallAudio(context, events);
    await audio.#openOutput();
    audio.#watch();
    await audio.chooseMicrophone(rememberedAudio().microphone);
    return audio;
  }

  /** dBFS of both voices now. */
  get levels(): { mine: number; theirs: number } {
    return { mine: this.#mine, theirs: this.#theirs };
  }

  get paused(): boolean {
    return this.#context.state !== 'running';
  }

  /** Takes the sound back after a phone call or a page's sleep; browsers may want it in a click. */
  async resume(): Promise<void> {
    if (this.#context.state !== 'closed') await this.#context.resume();
    if (this.#stream === null || !this.#isMicrophoneLive()) await this.chooseMicrophone(rememberedAudio().microphone);
  }

  mute(muted: boolean): void {
    this.#tellCapture({ type: 'mute', muted });
  }

  play(piece: { replyId: string; samples: Int16Array; positionInMs: number }): void {
    this.#tellPlayback({ type: 'audio', ...piece });
  }

  sent(replyId: string, durationInMs: number): void {
    this.#tellPlayback({ type: 'sent', replyId, durationInMs });
  }

  flush(replyId: string): void {
    this.#tellPlayback({ type: 'flush', replyId });
  }

  duck(ducked: boolean): void {
    this.#tellPlayback({ type: ducked ? 'duck' : 'unduck' });
  }

  /** Opens a microphone (empty: the system's choice) in place of the one before, and remembers it. */
  async chooseMicrophone(deviceId: string): Promise<void> {
    try {
      const stream = await openMicrophone(deviceId);
      if (this.#life.signal.aborted) return stopTracks(stream);
      this.#closeMicrophone();
      this.#stream = stream;
      this.#source = this.#context.createMediaStreamSource(stream);
      this.#source.connect(this.#capture);
      rememberAudio({ microphone: deviceId });
      for (const track of stream.getAudioTracks()) {
        track.addEventListener('ended', () => void this.#replaceMicrophone());
      }
      this.#events.onMicrophone({ open: true, problem: null });
    } catch (error) {
      if (!(error instanceof MicrophoneError)) throw error;
      this.#events.onMicrophone({ open: this.#isMicrophoneLive(), problem: error.problem });
    }
  }

  /** Rejects where the browser or the device refuses. */
  async chooseSpeaker(deviceId: string): Promise<void> {
    rememberAudio({ speaker: deviceId });
    const { loopback } = rememberedAudio();
    const isElement = chooseOutputWay({ loopback, speaker: deviceId, userAgent: navigator.userAgent }) !== 'direct';
    if (isElement) await this.#openOutput();
    else await this.#route?.choose(deviceId);
  }

  async chooseLoopback(loopback: 'auto' | 'on' | 'off'): Promise<void> {
    rememberAudio({ loopback });
    await this.#openOutput();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    this.#closeMicrophone();
    this.#route?.[Symbol.dispose]();
    if (this.#context.state !== 'closed') await this.#context.close();
  }

  async #openOutput(): Promise<void> {
    const { loopback, speaker } = rememberedAudio();
    const way = chooseOutputWay({ loopback, speaker, userAgent: navigator.userAgent });
    this.#playback.disconnect();
    this.#route?.[Symbol.dispose]();
    this.#route = await OutputRoute.open({ context: this.#context, source: this.#playback, way });
    // A loudspeaker that is gone: the system's choice sounds.
    if (speaker !== '') await this.#route.choose(speaker).catch(() => undefined);
  }

  #watch(): void {
    const { signal } = this.#life;
    const report = () => {
      this.#tellLatency();
      this.#events.onPause(this.paused);
    };
    this.#context.addEventListener('statechange', report, { signal });
    const wake = () => {
      if (document.visibilityState === 'visible') void this.resume().catch(() => undefined);
    };
    document.addEventListener('visibilitychange', wake, { signal });
    globalThis.addEventListener('pageshow', wake, { signal });
    navigator.mediaDevices?.addEventListener(
      'devicechange',
      () => {
        if (!this.#isMicrophoneLive()) void this.#replaceMicrophone();
      },
      { signal },
    );
    report();
  }

  /** The headset was unplugged: the system's own microphone goes on. */
  async #replaceMicrophone(): Promise<void> {
    if (!this.#life.signal.aborted) await this.chooseMicrophone('');
  }

  #isMicrophoneLive(): boolean {
    return this.#stream?.getAudioTracks().some(({ readyState }) => readyState === 'live') === true;
  }

  #closeMicrophone(): void {
    this.#source?.disconnect();
    if (this.#stream !== null) stopTracks(this.#stream);
    this.#stream = null;
    this.#mine = SILENCE_IN_DB;
  }

  #tellLatency(): void {
    const { baseLatency, outputLatency } = this.#context;
    // Safari does not say the second.
    const seconds = (baseLatency || 0) + (outputLatency || 0);
    this.#tellPlayback({ type: 'latency', latencyInMs: seconds * 1000 });
  }

  #onPlayback(word: FromPlayback): void {
    if (word.type === 'level') this.#theirs = word.levelInDb;
    else if (word.type === 'position') this.#events.onPosition(word);
  }

  #tellCapture(word: ToCapture, transfer: Transferable[] = []): void {
    this.#capture.port.postMessage(word, transfer);
  }

  #tellPlayback(word: ToPlayback, transfer: Transferable[] = []): void {
    this.#playback.port.postMessage(word, transfer);
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
