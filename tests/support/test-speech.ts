import { joinSamples } from '../../src/base/audio/join-samples.ts';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './find-program.ts';

const run = promisify(execFile);

/** espeak-ng speaks and sox makes 16 kHz of it; without them these tests are skipped by name. */
export const canSpeak = findProgram(['espeak-ng']) !== null && findProgram(['sox']) !== null;

export interface SpokenOptions {
  /** espeak-ng's voice, e.g. `en-us`, `cmn`. */
  voice?: string;
  /** Words a minute. */
  speed?: number;
  /** Silence before and after, seconds. */
  padInSeconds?: [number, number];
}

/** Mono 16 kHz of a sentence, spoken by a formant synthesiser. */
export async function speak(text: string, options: SpokenOptions = {}): Promise<Float32Array> {
  const folder = await mkdtemp(join(tmpdir(), 'everwith-speech-'));
  try {
    const wav = join(folder, 'spoken.wav');
    await run('espeak-ng', ['-v', options.voice ?? 'en-us', '-s', String(options.speed ?? 160), '-w', wav, text]);
    const [before, after] = options.padInSeconds ?? [0, 0];
    return await sox([wav, ...rawOutput, 'pad', String(before), String(after)]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Mono 16 kHz of noise of a colour at a level, decibels below full scale. */
export async function noise(seconds: number, colour: 'whitenoise' | 'pinknoise' | 'brownnoise', level: number) {
  return sox(['-R', '-n', ...rawOutput, 'synth', String(seconds), colour, 'gain', '-n', String(level)]);
}

export function silence(seconds: number): Float32Array {
  return new Float32Array(Math.round(seconds * 16_000));
}

export function joinAudio(...parts: readonly Float32Array[]): Float32Array {
  return joinSamples(parts);
}

const rawOutput = ['-r', '16000', '-c', '1', '-b', '16', '-e', 'signed', '-t', 'raw', '-'] as const;

async function sox(args: readonly string[]): Promise<Float32Array> {
  const { stdout } = await run('sox', args, { encoding: 'buffer', maxBuffer: 256 * 1024 ** 2 });
  return Float32Array.from({ length: stdout.length >> 1 }, (_, index) => stdout.readInt16LE(index * 2) / 32_768);
}
