import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { UnavailableError } from '../../../base/errors.ts';
import type { StreamEncoder } from './stream-encoder.ts';

/** Kilobits per second, for speech in mono. */
const AAC_KBPS = 64;

/** AAC in ADTS, written by the machine's own ffmpeg: an encoder whose licence the house may use there is not. */
export class FfmpegEncoder implements StreamEncoder {
  readonly #program: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<void>;
  #written: Buffer[] = [];

  constructor({ sampleRate, searchPath }: { sampleRate: number; searchPath: string }) {
    const sound = ['-f', 's16le', '-ar', String(sampleRate), '-ac', '1', '-i', 'pipe:0'];
    const words = ['-hide_banner', '-nostdin', '-loglevel', 'error', ...sound, '-c:a', 'aac', '-b:a', `${AAC_KBPS}k`];
    this.#program = spawn('ffmpeg', [...words, '-f', 'adts', 'pipe:1'], { env: { PATH: searchPath } });
    this.#program.stderr.resume();
    this.#program.stdout.on('data', (bytes: Buffer) => this.#written.push(bytes));
    // What it does not take is told by its end.
    this.#program.stdin.on('error', () => undefined);
    this.#ended = this.#end();
    this.#ended.catch(() => undefined);
  }

  async push(samples: Int16Array): Promise<Uint8Array> {
    const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
    if (!this.#program.stdin.write(bytes)) await Promise.race([once(this.#program.stdin, 'drain'), this.#ended]);
    return this.#take();
  }

  async end(): Promise<Uint8Array> {
    this.#program.stdin.end();
    await this.#ended;
    return this.#take();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#program.kill('SIGKILL');
    await this.#ended.catch(() => undefined);
  }

  #take(): Uint8Array {
    return Buffer.concat(this.#written.splice(0));
  }

  async #end(): Promise<void> {
    const [code] = (await once(this.#program, 'close')) as [number | null];
    if (code === 0) return;
    throw new UnavailableError('The sound could not be written as AAC: the ffmpeg of this house failed.', {
      code: 'encoder-failed',
    });
  }
}

/** True where a folder of the path has an ffmpeg that may be run. */
export async function hasFfmpeg(searchPath: string): Promise<boolean> {
  const found = searchPath.split(delimiter).map((folder) =>
    folder === ''
      ? Promise.resolve(false)
      : access(join(folder, 'ffmpeg'), constants.X_OK).then(
          () => true,
          () => false,
        ),
  );
  return (await Promise.all(found)).includes(true);
}
