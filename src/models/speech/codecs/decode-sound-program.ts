import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../../base/errors.ts';
import { decodeSound } from './decode-sound.ts';

/** Memory of this process beyond which it gives up, bytes: buffers are not in the limit of the heap. */
const MOST_MEMORY = 1536 * 1024 * 1024;
const LOOK_EVERY_MS = 200;

const askedSchema = z.tuple([
  z.enum(['wav', 'mp3', 'mp4', 'ogg-opus', 'ogg-vorbis', 'webm', 'flac', 'aac']),
  z.coerce.number().positive(),
  z.string(),
]);

/** Decodes the file named in the arguments; beside it lie its samples (32 bit float, 16 kHz) or what is wrong with it. */
async function run(): Promise<void> {
  const [kind, maxSeconds, path] = askedSchema.parse(process.argv.slice(2));
  const guard = setInterval(() => {
    if (process.memoryUsage.rss() > MOST_MEMORY) process.exit(1);
  }, LOOK_EVERY_MS);
  try {
    const samples = await decodeSound(path, { kind, maxSeconds, searchPath: process.env['PATH'] ?? '' });
    await writeFile(`${path}.samples`, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), {
      mode: 0o600,
    });
  } catch (error) {
    await writeFile(`${path}.fault`, faultOf(error), { mode: 0o600 });
  }
  clearInterval(guard);
}

function faultOf(error: unknown): 'too-long' | 'needs-ffmpeg' | 'damaged' {
  if (!(error instanceof AppError)) return 'damaged';
  if (error.code === 'too-large') return 'too-long';
  return error.code === 'audio-needs-ffmpeg' ? 'needs-ffmpeg' : 'damaged';
}

await run();
// Decoders may have workers of their own that would keep this process.
process.exit(0);
