import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { InvalidInputError } from '../../../base/errors.ts';
import { HEARING_SAMPLE_RATE } from '../../spec/speech-handle.ts';
import type { DecodedPart } from './decoded-part.ts';

/** What ffmpeg calls the kinds of files that it is asked to read. */
export type FfmpegDemuxer = 'mov' | 'aac' | 'ogg' | 'matroska' | 'flac' | 'mp3';

/** Of processor time, after which ffmpeg ends by itself even where nobody is left to end it. */
const MOST_SECONDS = 150;
const MOST_BYTES_AT_ONCE = 256 * 1024 * 1024;
const SAMPLE_BYTES = 4;

/**
 * The sound of a file as the machine's own ffmpeg hears it, mono and at the rate of ears. It may open this file and
 * nothing else, and takes it for what its first bytes say it is. Throws `InvalidInputError` (`audio-needs-ffmpeg`)
 * where the machine has none.
 */
export async function* decodeWithFfmpeg({
  path,
  demuxer,
  maxSeconds,
  searchPath,
}: {
  path: string;
  demuxer: FfmpegDemuxer;
  maxSeconds: number;
  searchPath: string;
}): AsyncGenerator<DecodedPart> {
  const words = ffmpegWords({ path, demuxer, maxSeconds });
  const program = spawn('ffmpeg', words, { env: { PATH: searchPath }, stdio: ['ignore', 'pipe', 'ignore'] });
  const end = () => program.kill('SIGKILL');
  process.once('exit', end);
  const ended = endOf(program);
  // It may fail while its sound is still awaited.
  ended.catch(() => undefined);
  try {
    yield* partsOf(program.stdout);
    await ended;
  } finally {
    end();
    process.off('exit', end);
    await ended.catch(() => undefined);
  }
}

/** `rematrix_maxval`: channels are mixed to their mean, as by the house's own decoders, not to something louder. */
function ffmpegWords({ path, demuxer, maxSeconds }: { path: string; demuxer: FfmpegDemuxer; maxSeconds: number }) {
  const quiet = ['-hide_banner', '-nostdin', '-loglevel', 'error'];
  const limits = ['-timelimit', String(MOST_SECONDS), '-max_alloc', String(MOST_BYTES_AT_ONCE), '-threads', '1'];
  const input = ['-protocol_whitelist', 'file', '-f', demuxer, '-i', `file:${path}`];
  const output = [
    '-map',
    '0:a:0',
    '-t',
    String(maxSeconds + 1),
    '-ac',
    '1',
    '-ar',
    String(HEARING_SAMPLE_RATE),
    '-rematrix_maxval',
    '1',
  ];
  return [...quiet, ...limits, ...input, ...output, '-c:a', 'pcm_f32le', '-f', 'f32le', 'pipe:1'];
}

async function endOf(program: ChildProcess): Promise<void> {
  try {
    const [code] = (await once(program, 'close')) as [number | null];
    if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    throw new InvalidInputError('No ffmpeg is on the PATH of this house.', {
      code: 'audio-needs-ffmpeg',
      cause: error,
    });
  }
}

function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'EACCES';
}

async function* partsOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<DecodedPart> {
  let rest = Buffer.alloc(0);
  for await (const more of bytes) {
    const all = Buffer.concat([rest, more]);
    const whole = all.length - (all.length % SAMPLE_BYTES);
    rest = all.subarray(whole);
    yield { channelData: [floatOf(all.subarray(0, whole))], sampleRate: HEARING_SAMPLE_RATE };
  }
}

/** What is damaged may decode to anything. */
function floatOf(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: bytes.length / SAMPLE_BYTES }, (_, index) => {
    const value = bytes.readFloatLE(index * SAMPLE_BYTES);
    return Number.isNaN(value) ? 0 : Math.min(1, Math.max(-1, value));
  });
}
