import { Worker } from 'node:worker_threads';
import { UnavailableError } from '../../../base/errors.ts';
import { FfmpegEncoder } from './ffmpeg-encoder.ts';
import { createSoundEncoder, type SoundFormat } from './sound-encoder.ts';
import type { StreamEncoder } from './stream-encoder.ts';

/** What sound is sent as; AAC only where the machine has an ffmpeg. */
export type StreamFormat = SoundFormat | 'aac';

/** Formats of which the bytes are the samples cost nothing. */
const PLAIN: ReadonlySet<SoundFormat> = new Set(['wav', 'pcm']);

export async function openStreamEncoder(
  format: StreamFormat,
  { sampleRate, searchPath }: { sampleRate: number; searchPath: string },
): Promise<StreamEncoder> {
  if (format === 'aac') return new FfmpegEncoder({ sampleRate, searchPath });
  if (!PLAIN.has(format)) return new WorkerEncoder(format, sampleRate);
  const encoder = await createSoundEncoder(format, sampleRate);
  return {
    push: (samples) => Promise.resolve(encoder.push(samples)),
    end: () => Promise.resolve(encoder.end()),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** One thread for one sound: sounds that are made at once do not wait for each other. */
class WorkerEncoder implements StreamEncoder {
  readonly #worker: Worker;
  /** Set once the thread ended before it was told to. */
  #fault: Error | null = null;
  #reject: ((error: Error) => void) | null = null;

  constructor(format: SoundFormat, sampleRate: number) {
    this.#worker = new Worker(new URL('encode-sound-worker.ts', import.meta.url), {
      workerData: { format, sampleRate },
    });
    const fail = (cause: unknown) => {
      this.#fault ??= new UnavailableError('The sound could not be written.', { code: 'encoder-failed', cause });
      this.#reject?.(this.#fault);
    };
    this.#worker.on('error', fail);
    this.#worker.on('exit', fail);
  }

  push(samples: Int16Array): Promise<Uint8Array> {
    return this.#ask(samples);
  }

  end(): Promise<Uint8Array> {
    return this.#ask(null);
  }

  /** One question at a time. */
  #ask(samples: Int16Array | null): Promise<Uint8Array> {
    if (this.#fault) return Promise.reject(this.#fault);
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    this.#reject = reject;
    this.#worker.once('message', resolve);
    this.#worker.postMessage(samples);
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#worker.removeAllListeners();
    await this.#worker.terminate();
  }
}
