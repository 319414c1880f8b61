import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError, TooLargeError } from '../../../base/errors.ts';
import { SideProgram, SideProgramError } from '../../../base/side-program.ts';
import { soundKindOf } from './decode-sound.ts';

/** An hour of sound takes a tenth of this, milliseconds. */
const PATIENCE_MS = 180_000;
const HEAP_MIB = 768;
const AT_ONCE = 2;
const PROGRAM = join(import.meta.dirname, 'decode-sound-program.ts');

/** Reads files of sound in child processes with limits of memory and time. */
export class SoundReader {
  readonly #folder: string;
  readonly #program: SideProgram;

  /** `folder`: where files lie while they are read. `searchPath`: where an ffmpeg of the machine may be, as in `PATH`. */
  constructor({ folder, searchPath }: { folder: string; searchPath: string }) {
    this.#folder = folder;
    this.#program = new SideProgram({
      program: PROGRAM,
      heapInMib: HEAP_MIB,
      patienceInMs: PATIENCE_MS,
      atOnce: AT_ONCE,
      environment: { PATH: searchPath },
    });
  }

  /**
   * Mono, 16 kHz, in [-1, 1]. Throws `InvalidInputError` (`audio-unknown`, `audio-damaged`,
   * `audio-needs-ffmpeg`) or `TooLargeError` (`audio-too-long`).
   */
  async read(bytes: Uint8Array, { maxSeconds, signal }: { maxSeconds: number; signal: AbortSignal }) {
    const kind = soundKindOf(bytes);
    if (kind === null) {
      throw new InvalidInputError(
        'This is no file of sound that is understood here. Send flac, m4a, mp3, mp4, mpeg, mpga, oga, ogg, wav or webm.',
        { code: 'audio-unknown', field: 'file' },
      );
    }
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(this.#folder, 'sound-'));
    try {
      const path = join(folder, 'sound');
      await writeFile(path, bytes, { mode: 0o600 });
      await this.#program.run([kind, String(maxSeconds), path], signal);
      const fault = await readFile(`${path}.fault`, 'utf8').catch(() => null);
      if (fault === 'too-long') throw tooLong(maxSeconds);
      if (fault === 'needs-ffmpeg') throw needsFfmpeg();
      if (fault !== null) throw damaged(fault);
      const samples = await readFile(`${path}.samples`);
      return new Float32Array(samples.buffer.slice(samples.byteOffset, samples.byteOffset + samples.byteLength));
    } catch (error) {
      if (error instanceof SideProgramError) throw damaged(error);
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

function tooLong(maxSeconds: number): TooLargeError {
  return new TooLargeError(`The recording is longer than ${Math.floor(maxSeconds / 60)} minutes. Cut it into parts.`, {
    code: 'audio-too-long',
    field: 'file',
  });
}

function needsFfmpeg(): InvalidInputError {
  return new InvalidInputError(
    'This kind of recording is read by ffmpeg, which is not on the PATH of this house. Install ffmpeg there, or send flac, mp3, wav, or Opus as ogg or webm.',
    { code: 'audio-needs-ffmpeg', field: 'file' },
  );
}

function damaged(cause: unknown): InvalidInputError {
  return new InvalidInputError('This file of sound is damaged, or of a kind that cannot be read here.', {
    code: 'audio-damaged',
    field: 'file',
    cause,
  });
}
