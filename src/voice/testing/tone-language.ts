/** Hertz of the first text, and between two: a tenth of a second of sine tells them apart. */
const FIRST_HZ = 300;
const STEP_HZ = 60;
const MS_PER_WORD = 250;
/** Window in which a tone is looked for, milliseconds. */
const WINDOW_MS = 32;
const SILENT_BELOW = 0.02;
const LOUDNESS = 0.4;

/**
 * A language of sines for tests: each text has a pitch, each word a quarter of a second. What is rendered can be
 * understood again from the sound alone, cut or quietened, so that fakes hear what is really there.
 */
export class ToneLanguage {
  readonly #texts: string[] = [];

  render(text: string, { sampleRate, loudness = LOUDNESS }: { sampleRate: number; loudness?: number }): Float32Array {
    const hz = this.#hertzOf(text);
    const length = Math.round((sampleRate * this.durationOf(text)) / 1000);
    return Float32Array.from({ length }, (_, index) => loudness * Math.sin((2 * Math.PI * hz * index) / sampleRate));
  }

  /** Milliseconds. */
  durationOf(text: string): number {
    return wordsOf(text).length * MS_PER_WORD;
  }

  understand(samples: Float32Array, sampleRate = 16_000): string {
    const window = Math.round((sampleRate * WINDOW_MS) / 1000);
    const runs: { crossings: number; samples: number; hz: number }[] = [];
    let gap = true;
    for (let start = 0; start + window <= samples.length; start += window) {
      const part = samples.subarray(start, start + window);
      if (loudnessOf(part) < SILENT_BELOW) {
        gap = true;
        continue;
      }
      const crossings = crossingsOf(part);
      const hz = (crossings * sampleRate) / (2 * window);
      const run = runs.at(-1);
      const sameRun = run && Math.abs(run.hz - hz) < 60 && !(gap && start === 0);
      if (sameRun) {
        run.crossings += crossings;
        run.samples += window;
        run.hz = (run.crossings * sampleRate) / (2 * run.samples);
      } else {
        runs.push({ crossings, samples: window, hz });
      }
      gap = false;
    }
    return runs
      .map((run) => this.#textOf(run.hz, (run.samples * 1000) / sampleRate))
      .filter(Boolean)
      .join(' ');
  }

  #hertzOf(text: string): number {
    if (!this.#texts.includes(text)) this.#texts.push(text);
    return FIRST_HZ + STEP_HZ * this.#texts.indexOf(text);
  }

  #textOf(hz: number, durationInMs: number): string {
    const text = this.#texts[Math.round((hz - FIRST_HZ) / STEP_HZ)];
    if (text === undefined || durationInMs < MS_PER_WORD / 3) return '';
    return wordsOf(text)
      .slice(0, Math.max(Math.round(durationInMs / MS_PER_WORD), 1))
      .join(' ');
  }
}

export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

function loudnessOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

function crossingsOf(samples: Float32Array): number {
  let crossings = 0;
  for (let index = 1; index < samples.length; index += 1) {
    if ((samples[index] ?? 0) >= 0 !== (samples[index - 1] ?? 0) >= 0) crossings += 1;
  }
  return crossings;
}
