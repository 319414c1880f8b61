// oxlint-disable-next-line import/default -- Vite answers the address of what it built
import captureUrl from '../../call/audio/capture-worklet.ts?worker&url';
import { openMicrophone } from '../../call/audio/microphone.ts';
import { rememberedAudio } from '../../call/audio/remembered.ts';
import { CAPTURE_PROCESSOR, CAPTURE_SAMPLE_RATE, listen } from '../../call/audio/worklet-messages.ts';
import type { FromCapture } from '../../call/audio/worklet-messages.ts';

/** The server takes no longer ones. */
export const LONGEST_RECORDING_IN_SECONDS = 300;
const SILENCE_IN_DB = -90;

/** Records the microphone as mono PCM16 of 16 kHz. Disposing lets the microphone go. */
export class VoiceRecorder implements AsyncDisposable {
  readonly #context: AudioContext;
  readonly #frames: Int16Array[] = [];
  #stream: MediaStream | null = null;
  #samples = 0;
  #level = SILENCE_IN_DB;
  #stopped = false;

  private constructor(context: AudioContext) {
    this.#context = context;
  }

  /** To be called in a click, before anything is awaited. Call `start` next. */
  static create(): VoiceRecorder {
    return new VoiceRecorder(new AudioContext({ latencyHint: 'interactive' }));
  }

  /** Asks for the microphone and begins: resolves when the first sound of it is here. Rejects with `MicrophoneError`. */
  async start(): Promise<void> {
    const stream = await openMicrophone(rememberedAudio().microphone);
    if (this.#stopped) return stopTracks(stream);
    this.#stream = stream;
    await this.#context.audioWorklet.addModule(captureUrl);
    await this.#context.resume();
    const node = new AudioWorkletNode(this.#context, CAPTURE_PROCESSOR, { numberOfOutputs: 0, channelCount: 1 });
    const heard = Promise.withResolvers<void>();
    listen<FromCapture>(node.port, ({ samples, levelInDb }) => {
      this.#keep(samples, levelInDb);
      heard.resolve();
    });
    this.#context.createMediaStreamSource(stream).connect(node);
    await heard.promise;
  }

  get seconds(): number {
    return this.#samples / CAPTURE_SAMPLE_RATE;
  }

  /** dBFS now. */
  get levelInDb(): number {
    return this.#level;
  }

  /** What was recorded until now, as a WAV file. */
  toWav(): Blob {
    return new Blob([wavHeader(this.#samples), ...this.#frames.map((frame) => new Int16Array(frame))], {
      type: 'audio/wav',
    });
  }

  /** Hears no more; what was recorded stays. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#stream !== null) stopTracks(this.#stream);
    this.#level = SILENCE_IN_DB;
    if (this.#context.state !== 'closed') await this.#context.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #keep(samples: Int16Array, levelInDb: number): void {
    if (this.#stopped || this.seconds >= LONGEST_RECORDING_IN_SECONDS) return;
    this.#frames.push(samples);
    this.#samples += samples.length;
    this.#level = levelInDb;
  }
}

/** RIFF/WAVE, PCM 16 bit, mono. */
function wavHeader(samples: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(44));
  const tag = (offset: number, text: string) => {
    for (let index = 0; index < text.length; index += 1) view.setUint8(offset + index, text.charCodeAt(index));
  };
  tag(0, 'RIFF');
  view.setUint32(4, 36 + 2 * samples, true);
  tag(8, 'WAVE');
  tag(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, CAPTURE_SAMPLE_RATE, true);
  view.setUint32(28, 2 * CAPTURE_SAMPLE_RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  tag(36, 'data');
  view.setUint32(40, 2 * samples, true);
  return view.buffer;
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
