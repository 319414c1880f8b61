import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../base/clock.ts';
import { AbortedError, InvalidInputError } from '../../../base/errors.ts';
import type { Logger } from '../../../base/logger.ts';
import type { LocatedFiles } from '../../catalog/file-set.ts';
import type { SpeechEntry } from '../../catalog/speech-catalog.ts';
import { SupervisedProcess } from '../../host/supervised-process.ts';
import type { PcmChunk, SpeechHandle, SynthesisRequest } from '../../spec/speech-handle.ts';
import { cutText, type PieceLimits, type TextPiece } from './cut-text.ts';
import { engineSpeed } from './shape-speech.ts';
import type { SpeechCache } from './speech-cache.ts';
import { createSpeechModel } from './speech-model.ts';
import type { SpeakingInfo, SpeakingMethods, SpeakingStart, SpeakRequest } from './speech-protocol.ts';
import { followedTones, toneOf } from './tone.ts';

export interface SpeechHostOptions {
  entry: SpeechEntry;
  files: LocatedFiles;
  clock: Clock;
  logger: Logger;
  /** 0 keeps the engine loaded. */
  idleUnloadInMs?: number;
  /** Of the engine; by the machine's cores when absent. */
  threads?: number;
  /** Remembers what was spoken. */
  cache?: SpeechCache;
}

/** A local voice model behind one supervised child process. Nothing is loaded before the first call. */
export interface SpeechHost extends AsyncDisposable {
  handle: SpeechHandle;
  /** Of the child that answers now, for figures and tests. */
  readonly pid: number | undefined;
  /** Frees the memory now; the next request loads again. */
  unload(): Promise<void>;
}

/** A call keeps its voice busy; somebody who reads aloud now and then should not wait for a load each time. */
const defaultIdleUnloadInMs = 15 * 60_000;
/** Native libraries keep buffers for every shape of input they met. Leaves room for what is made while the next loads. */
const growthInBytes = 36 * 2 ** 20;
/** Kokoro's arena reaches its size with the first long clause, some 90 MB after the short one it starts with. */
const kokoroGrowthInBytes = 128 * 2 ** 20;
/** One core stays for the text model, which runs beside; beyond four, pieces this small gain nothing. */
const mostThreads = 4;
/** Trimming leaves 40 ms on each side of a piece. */
const trimmedInMs = 80;
const limitsByScript: Record<'wide' | 'narrow', PieceLimits> = {
  narrow: { first: 90, most: 120 },
  wide: { first: 24, most: 60 },
};

export function createSpeechHost(options: SpeechHostOptions): SpeechHost {
  return new LocalSpeech(options);
}

class LocalSpeech implements SpeechHost {
  readonly handle: SpeechHandle;
  readonly #entry: SpeechEntry;
  readonly #process: SupervisedProcess<SpeakingMethods, SpeakingInfo>;
  readonly #workFolders = new Set<string>();

  constructor(options: SpeechHostOptions) {
    const { entry, clock, logger } = options;
    this.#entry = entry;
    this.#process = new SupervisedProcess({
      program: new URL('./speech-program.ts', import.meta.url),
      name: `The voice ${entry.label}`,
      startOptions: () => this.#startOptions(options),
      idleUnloadInMs: options.idleUnloadInMs ?? defaultIdleUnloadInMs,
      recycle: { growthInBytes: entry.engine === 'kokoro-onnx' ? kokoroGrowthInBytes : growthInBytes },
      logger,
      clock,
    });
    const ref = `local:${entry.id}`;
    const synthesize = (request: SynthesisRequest) => this.#synthesize(request);
    const handle: SpeechHandle = {
      ref,
      label: entry.label,
      place: 'this-computer',
      emotions: followedTones,
      speechModel: createSpeechModel({ entry, synthesize, clock }),
      synthesize,
      warm: async (signal) => {
        await this.#process.load(signal);
      },
    };
    this.handle = options.cache?.remember(handle) ?? handle;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  async unload(): Promise<void> {
    await this.#process.unload();
    await this.#removeWorkFolders();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await this.#removeWorkFolders();
  }

  async *#synthesize(request: SynthesisRequest): AsyncGenerator<PcmChunk, void, undefined> {
    checkVoice(this.#entry, request);
    if (request.signal.aborted) throw new AbortedError();
    const pieces = cutText(request.text, limitsByScript[isWide(request.language) ? 'wide' : 'narrow']);
    const ending = new AbortController();
    const signal = AbortSignal.any([request.signal, ending.signal]);
    const make = (piece: TextPiece | undefined): Promise<PcmChunk> | undefined => {
      const made = piece && this.#process.request('speak', toSpeak(request, piece.text), { signal });
      // Awaited below, unless the listener leaves first.
      made?.catch(() => undefined);
      return made;
    };
    try {
      let made = make(pieces[0]);
      let pauseInMs = 0;
      for (const [index, piece] of pieces.entries()) {
        const chunk = await made;
        // The engine goes on with the next piece while this one is heard.
        made = make(pieces[index + 1]);
        if (!chunk || chunk.samples.length === 0) continue;
        if (pauseInMs > 0) yield silence(pauseInMs / request.speed, chunk.sampleRate);
        yield chunk;
        pauseInMs = piece.pauseInMs - trimmedInMs;
      }
    } finally {
      ending.abort();
    }
  }

  async #startOptions({ entry, files, threads }: SpeechHostOptions): Promise<SpeakingStart> {
    await this.#removeWorkFolders();
    const workFolder = await mkdtemp(join(tmpdir(), 'everwith-voice-'));
    this.#workFolders.add(workFolder);
    const { engine, settings, voices } = entry;
    const sensible = Math.min(mostThreads, Math.max(1, availableParallelism() - 1));
    return { engine, files, settings, voices, threads: threads ?? sensible, workFolder };
  }

  /** Empty but for those of a child that died while it was loading. */
  async #removeWorkFolders(): Promise<void> {
    const folders = [...this.#workFolders];
    this.#workFolders.clear();
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

function checkVoice(entry: SpeechEntry, { voice, language }: SynthesisRequest): void {
  const known = entry.voices.find(({ name }) => name === voice);
  if (!known) {
    throw new InvalidInputError(`${entry.label} has no voice "${voice}".`, { code: 'voice-unknown', field: 'voice' });
  }
  if (known.languages.includes(language)) return;
  throw new InvalidInputError(`The voice ${known.label} does not speak the language "${language}".`, {
    code: 'voice-language',
    field: 'language',
  });
}

function toSpeak({ language, voice, speed, pitch, emotion }: SynthesisRequest, text: string): SpeakRequest {
  const tone = toneOf(emotion);
  const shape = { speed: speed * tone.speed, pitch: pitch + tone.pitch };
  return { text, language, voice, speed: engineSpeed(shape), pitch: shape.pitch, gain: tone.gain };
}

function isWide(language: string): boolean {
  return language === 'zh' || language === 'ja';
}

function silence(durationInMs: number, sampleRate: number): PcmChunk {
  return { samples: new Float32Array(Math.round((durationInMs * sampleRate) / 1_000)), sampleRate };
}
