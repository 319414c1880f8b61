import type { Locale } from '../../contract/common.ts';
import { transcriptionSchema } from '../../contract/calls.ts';
import { encodeWav } from '../../src/base/audio/wav.ts';
import type { HouseProcess } from '../../tests/e2e/support/house-process.ts';

/** The house takes five minutes at once. */
const PIECE_IN_SECONDS = 240;

/** What the house's ears understand of a recording. */
export async function transcribe(
  { owner }: HouseProcess,
  { samples, sampleRate, locale }: { samples: Float32Array; sampleRate: number; locale: Locale },
): Promise<string> {
  const texts: string[] = [];
  const size = PIECE_IN_SECONDS * sampleRate;
  for (let at = 0; at < samples.length; at += size) {
    const wav = encodeWav({ samples: samples.slice(at, at + size), sampleRate });
    const response = await owner.open(`/api/transcriptions?language=${locale.slice(0, 2)}`, {
      signal: AbortSignal.timeout(300_000),
      accept: 'application/json',
      body: new Blob([new Uint8Array(wav)], { type: 'audio/wav' }),
    });
    texts.push(transcriptionSchema.parse(await response.json()).text);
  }
  return texts.join(' ').trim();
}
