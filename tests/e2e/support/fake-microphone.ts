import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { encodeWav } from '../../../src/base/audio/wav.ts';
import { launchBrowser } from '../../support/browser.ts';

const SAMPLE_RATE = 48_000;

/** Something said into the microphone, counted from the moment it is opened. */
interface Spoken {
  atInMs: number;
  /** Mono, 48 kHz, in [-1, 1]. */
  samples: Float32Array;
}

interface ListeningBrowser extends AsyncDisposable {
  browser: Browser;
}

/** A browser whose microphone is allowed and gives what was recorded, then silence: the whole way of a sound, as people have it. */
export async function launchWithMicrophone(spoken: readonly Spoken[]): Promise<ListeningBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'everwith-microphone-'));
  const path = join(folder, 'said.wav');
  await writeFile(path, encodeWav({ samples: recording(spoken), sampleRate: SAMPLE_RATE }));
  const browser = await launchBrowser([
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${path}%noloop`,
    '--use-fake-ui-for-media-stream',
  ]);
  return {
    browser,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function recording(spoken: readonly Spoken[]): Float32Array {
  const startOf = ({ atInMs }: Spoken) => Math.round((atInMs * SAMPLE_RATE) / 1000);
  const length = Math.max(SAMPLE_RATE, ...spoken.map((one) => startOf(one) + one.samples.length + SAMPLE_RATE));
  const samples = new Float32Array(length);
  for (const one of spoken) samples.set(one.samples, startOf(one));
  return samples;
}
