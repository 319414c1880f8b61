import { createHash } from 'node:crypto';
import { floatToPcm16, pcm16Bytes, pcm16FromBytes, pcm16ToFloat } from '../../../base/audio/pcm16.ts';
import { AbortedError, errorMessage } from '../../../base/errors.ts';
import type { Logger } from '../../../base/logger.ts';
import type { PcmChunk, SpeechHandle, SynthesisRequest } from '../../spec/speech-handle.ts';
import { SpeechFiles, type KeptSpeech } from './speech-files.ts';

export interface SpeechCacheOptions {
  /** Absolute path of a folder of its own; without one, everything is forgotten with the process. */
  folder?: string;
  memoryBytes?: number;
  diskBytes?: number;
  logger: Logger;
}

/** A quarter of an hour of speech. */
const defaultMemoryBytes = 48 * 2 ** 20;
/** An hour and a half. */
const defaultDiskBytes = 256 * 2 ** 20;
/** A long message read aloud once must not push out a hundred short lines. */
const largestShare = 1 / 4;

/**
 * What was spoken before, by everything that its sound depends on: back-channels and repeated lines start at once, and
 * hearing a line again costs nothing. Bounded in memory and on the disk.
 */
export class SpeechCache implements AsyncDisposable {
  readonly #logger: Logger;
  readonly #memoryBytes: number;
  readonly #files: SpeechFiles | null;
  /** In the order of their last use. */
  readonly #kept = new Map<string, KeptSpeech>();
  #usedBytes = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(options: SpeechCacheOptions, files: SpeechFiles | null) {
    this.#logger = options.logger;
    this.#memoryBytes = options.memoryBytes ?? defaultMemoryBytes;
    this.#files = files;
  }

  static async open(options: SpeechCacheOptions): Promise<SpeechCache> {
    const { folder, diskBytes } = options;
    const files = folder === undefined ? null : await SpeechFiles.open(folder, diskBytes ?? defaultDiskBytes);
    return new SpeechCache(options, files);
  }

  /** The same engine, its words remembered. */
  remember(handle: SpeechHandle): SpeechHandle {
    return { ...handle, synthesize: (request) => this.#synthesize(handle, request) };
  }

  /** Forgets everything, for somebody who deletes what was theirs. */
  async clear(): Promise<void> {
    this.#kept.clear();
    this.#usedBytes = 0;
    await this.#writing;
    await this.#files?.clear();
  }

  /** Ends when everything is written. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
  }

  async *#synthesize(handle: SpeechHandle, request: SynthesisRequest): AsyncGenerator<PcmChunk, void, undefined> {
    const key = keyOf(handle.ref, request);
    const known = await this.#find(key);
    if (request.signal.aborted) throw new AbortedError();
    if (known) {
      yield { samples: pcm16ToFloat(pcm16FromBytes(known.pcm)), sampleRate: known.sampleRate };
      return;
    }
    const parts: PcmChunk[] = [];
    let bytes = 0;
    for await (const chunk of handle.synthesize(request)) {
      bytes += chunk.samples.length * 2;
      if (bytes <= this.#largestBytes) parts.push(chunk);
      yield chunk;
    }
    // Only what was spoken to its end is known, and only at one rate can it be one piece.
    const sampleRate = parts[0]?.sampleRate;
    if (sampleRate === undefined || bytes > this.#largestBytes) return;
    if (parts.some((part) => part.sampleRate !== sampleRate)) return;
    this.#keep(key, { pcm: join(parts), sampleRate });
  }

  get #largestBytes(): number {
    return this.#memoryBytes * largestShare;
  }

  async #find(key: string): Promise<KeptSpeech | null> {
    const inMemory = this.#kept.get(key);
    if (inMemory) {
      this.#kept.delete(key);
      this.#kept.set(key, inMemory);
      return inMemory;
    }
    const onDisk = (await this.#files?.read(key)) ?? null;
    if (onDisk) this.#keepInMemory(key, onDisk);
    return onDisk;
  }

  #keep(key: string, kept: KeptSpeech): void {
    this.#keepInMemory(key, kept);
    const files = this.#files;
    if (!files) return;
    this.#writing = this.#writing
      .then(() => files.write(key, kept))
      .catch((error: unknown) => this.#logger.warn({ error: errorMessage(error) }, 'speech could not be kept'));
  }

  #keepInMemory(key: string, kept: KeptSpeech): void {
    if (this.#kept.has(key)) return;
    this.#kept.set(key, kept);
    this.#usedBytes += kept.pcm.length;
    for (const [oldest, { pcm }] of this.#kept) {
      if (this.#usedBytes <= this.#memoryBytes) return;
      this.#kept.delete(oldest);
      this.#usedBytes -= pcm.length;
    }
  }
}

/** Of the text only a digest stands in a file's name. */
function keyOf(ref: string, { text, language, voice, speed, pitch, emotion }: SynthesisRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([ref, voice, language, speed, pitch, emotion, text]))
    .digest('hex');
}

function join(parts: readonly PcmChunk[]): Uint8Array {
  return Buffer.concat(parts.map(({ samples }) => pcm16Bytes(floatToPcm16(samples))));
}
