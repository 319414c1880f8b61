import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { LlamaModel } from 'node-llama-cpp';
import { z } from 'zod';
import { asTokens } from './sequence-state.ts';

const measurementSchema = z.object({
  threads: z.int().positive(),
  /** Generated. */
  tokensPerSecond: z.number().positive(),
  /** Of a prompt read in slices of a few dozen tokens. */
  promptMsPerToken: z.number().positive(),
  measuredAt: z.number(),
});
export type ThreadMeasurement = z.infer<typeof measurementSchema>;

export interface MeasureOptions {
  model: LlamaModel;
  modelSha256: string;
  folder: string;
  /** Part of the key: another engine version may use threads differently. */
  engineVersion: string;
  now: () => number;
}

/** A machine that was busy while we measured should get another chance. */
const validForInMs = 14 * 24 * 3600 * 1000;
const promptTokens = 48;
const longestGeneration = 12;
/** Per candidate; slow models get fewer tokens rather than a longer start. */
const generationBudgetInMs = 500;
/** A turn reads fewer new tokens than it speaks, and reading is the faster of the two. */
const generationWeight = 2;
/** More threads must earn their place: each one is taken from the server, the browser and everything else. */
const neededGain = 0.9;

interface Speed {
  tokensPerSecond: number;
  promptMsPerToken: number;
}

function cost({ tokensPerSecond, promptMsPerToken }: Speed): number {
  return promptMsPerToken + (generationWeight * 1000) / tokensPerSecond;
}

/**
 * How many threads evaluate this model fastest here, found by trying: more is often slower, because each pass waits
 * for its slowest thread. Takes a few seconds once; then it is read from the folder.
 */
export async function measureThreads(options: MeasureOptions): Promise<ThreadMeasurement> {
  const processors = cpus();
  const key = createHash('sha256')
    .update(`${options.modelSha256}\n${options.engineVersion}\n${processors[0]?.model ?? ''}\n${processors.length}`)
    .digest('hex')
    .slice(0, 24);
  const path = join(options.folder, `threads-${key}.txt`);
  const known = await readMeasurement(path);
  if (known && options.now() - known.measuredAt < validForInMs) return known;
  let best: { threads: number; speed: Speed } | undefined;
  for (const threads of threadCandidates(processors.length)) {
    const speed = await measure(options.model, threads);
    if (!best || cost(speed) < cost(best.speed) * neededGain) best = { threads, speed };
  }
  const result: ThreadMeasurement = {
    threads: best?.threads ?? 1,
    tokensPerSecond: best?.speed.tokensPerSecond ?? 1,
    promptMsPerToken: best?.speed.promptMsPerToken ?? 1,
    measuredAt: options.now(),
  };
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, JSON.stringify(result), { mode: 0o600 });
  await rename(temporary, path);
  return result;
}

/** Few enough to try all: one, then powers of two, with one less than all and half of all (hyper-threads). */
export function threadCandidates(processors: number): number[] {
  const candidates = new Set([1, Math.floor(processors / 2), processors - 1, processors]);
  for (let threads = 2; threads < processors; threads *= 2) candidates.add(threads);
  const useful = [...candidates].filter((threads) => threads >= 1 && threads <= 32).sort((left, right) => left - right);
  // With many processors one or two threads never win.
  return processors > 8 ? useful.filter((threads) => threads >= 4) : useful;
}

async function readMeasurement(path: string): Promise<ThreadMeasurement | null> {
  try {
    return measurementSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

async function measure(model: LlamaModel, threads: number): Promise<Speed> {
  const context = await model.createContext({
    contextSize: 256,
    batchSize: 64,
    sequences: 1,
    threads: { ideal: threads, min: threads },
    swaFullCache: true,
  });
  try {
    const sequence = context.getSequence({ checkpoints: { interval: false } });
    const text = 'The lighthouse keeper counts the waves and tells the evening what the storm has said. '.repeat(8);
    const tokens = model.tokenize(text).slice(0, promptTokens + 1);
    // The first pass touches the weights on disk and builds the graph; it is not part of the measurement.
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(0, 8));
    const promptStart = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(8));
    const promptMsPerToken = (performance.now() - promptStart) / (tokens.length - 8);
    const generationStart = performance.now();
    let generated = 0;
    while (generated < longestGeneration && performance.now() - generationStart < generationBudgetInMs) {
      await sequence.evaluateWithoutGeneratingNewTokens(asTokens([tokens[generated] ?? 0]));
      generated += 1;
    }
    return { tokensPerSecond: (generated * 1000) / (performance.now() - generationStart), promptMsPerToken };
  } finally {
    await context.dispose();
  }
}
