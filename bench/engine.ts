import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageModelV4Message } from '@ai-sdk/provider';
import { createLlamaHost, type LlamaHost } from '../src/models/llama/llama-host.ts';
import { systemClock } from '../src/base/clock.ts';
import { silentLogger } from '../src/base/logger.ts';
import { DirectEngine } from './engine/direct-engine.ts';
import { benchShape, writeHybridWeights } from './engine/hybrid-weights.ts';
import { benchWeights, type BenchWeights } from './engine/bench-weights.ts';
import { assistant, characterPrompt, reply, user, type Reply } from './engine/replies.ts';

/*
 * The local text engine: what it reads again, how soon the first word comes, how fast Stop works, and what our host
 * costs beside node-llama-cpp called directly. Counts of evaluated prompt tokens come first: they do not depend on how
 * busy the machine is.
 */

const prefixTokens = 2000;
const allowedExtraTokens = 64;
const speedRounds = 5;
const stopRounds = 5;

interface Figure {
  name: string;
  value: number;
  unit: string;
  reference?: number;
  target: string;
  pass: (value: number, ratio: number) => boolean;
}

function print(model: string, figure: Figure): void {
  const { name, value, unit, target } = figure;
  const reference = figure.reference ?? null;
  const ratio = reference === null ? null : value / reference;
  const rounded = (number: number | null): number | null => (number === null ? null : Number(number.toPrecision(4)));
  const line = { value: rounded(value), unit, reference: rounded(reference), ratio: rounded(ratio), target };
  console.log(
    JSON.stringify({ name: `engine ${model}: ${name}`, ...line, pass: figure.pass(value, ratio ?? Number.NaN) }),
  );
}

function printTokens(model: string, name: string, heard: Reply, changed: number): void {
  const most = changed + allowedExtraTokens;
  const value = heard.report.evaluatedPromptTokens;
  print(model, { name, value, unit: 'tokens', target: `<= ${most}`, pass: () => value <= most });
}

function printShare(model: string, name: string, heard: Reply, cold: Reply, most: number): void {
  print(model, {
    name,
    value: heard.report.firstTokenInMs,
    unit: 'ms',
    reference: cold.report.firstTokenInMs,
    target: `<= ${most}x`,
    pass: (_value, ratio) => ratio <= most,
  });
}

/** Turn 1 cold, regenerate, turn 2; then the last two again after a restart. */
async function measureTurns(model: string, host: LlamaHost): Promise<Reply> {
  const opening = [characterPrompt('Mira', prefixTokens), user('Good evening. Who are you?')];
  const cold = await reply(host, opening, { affinity: 'turns' });
  print(model, {
    name: 'cold turn 1, first token',
    value: cold.report.firstTokenInMs,
    unit: 'ms',
    target: 'reference',
    pass: () => true,
  });
  printTokens(model, 'regenerate', await reply(host, opening, { affinity: 'turns' }), 0);
  const question = 'And what did the great storm leave behind?';
  const longer = [...opening, assistant(cold.text), user(question)];
  const changed = await tokensOf(host, [cold.text, question]);
  const second = await reply(host, longer, { affinity: 'turns' });
  printTokens(model, 'turn 2', second, changed);
  printShare(model, 'turn 2, first token', second, cold, 0.1);
  await restart(host);
  const again = await reply(host, longer, { affinity: 'turns' });
  printTokens(model, 'regenerate after a restart', again, 0);
  printShare(model, 'regenerate after a restart, first token', again, cold, 0.15);
  return cold;
}

async function measureWarming(model: string, host: LlamaHost, cold: Reply): Promise<void> {
  const character = characterPrompt('Tomas', prefixTokens);
  const options = { affinity: 'warmed', stableMessages: 1 };
  await host.warm({ prompt: [character], options, signal: new AbortController().signal });
  const first = await reply(host, [character, user('Hello!')], { affinity: 'warmed' });
  printTokens(model, 'warmed turn 1', first, 8);
  printShare(model, 'warmed turn 1, first token', first, cold, 0.15);
  await restart(host);
  const later = await reply(host, [character, user('Good morning!')], { affinity: 'warmed later' });
  printTokens(model, 'warmed turn 1 after a restart', later, 8);
  printShare(model, 'warmed turn 1 after a restart, first token', later, cold, 0.15);
}

/** From the signal to the moment the conversation's next request may start. */
async function measureStop(model: string, host: LlamaHost): Promise<void> {
  let worst = 0;
  for (let round = 0; round < stopRounds; round++) {
    const affinity = `stop ${round}`;
    const stop = new AbortController();
    const prompt: LanguageModelV4Message[] = [characterPrompt(`Stopped ${round}`, prefixTokens), user('Hello!')];
    let evaluated = 0;
    const stopped = reply(host, prompt, {
      affinity,
      signal: stop.signal,
      onProgress: (progress) => {
        evaluated = progress.evaluated;
        if (evaluated > 100) stop.abort();
      },
    });
    await stopped.catch(() => undefined);
    const next = await reply(host, [user('Hello!')], { affinity, maxOutputTokens: 1 });
    worst = Math.max(worst, next.report.queueInMs);
  }
  print(model, {
    name: 'Stop while reading, worst of 5',
    value: worst,
    unit: 'ms',
    target: '<= 300',
    pass: (ms) => ms <= 300,
  });
}

/** Rounds alternate, so that a busy moment meets both. */
async function measureSpeed(model: string, host: LlamaHost, weights: BenchWeights): Promise<void> {
  const { threads, contextLength, sequences } = await host.load();
  await using direct = await DirectEngine.open({ path: weights.path, threads, contextLength, sequences });
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < speedRounds; round++) {
    theirs.push(await direct.tokensPerSecond());
    const heard = await reply(host, [user('Tell a long story about the sea.')], {
      affinity: 'speed',
      maxOutputTokens: 64,
    });
    ours.push(heard.report.tokensPerSecond);
  }
  print(model, {
    name: 'speed beside node-llama-cpp called directly',
    value: median(ours),
    unit: 'tokens/s',
    reference: median(theirs),
    target: '>= 0.95x',
    pass: (_value, ratio) => ratio >= 0.95,
  });
}

async function measureCrash(model: string, host: LlamaHost): Promise<void> {
  await host.unload();
  const loadStart = performance.now();
  await host.load();
  const loadInMs = performance.now() - loadStart;
  process.kill(host.info().pid ?? 0, 'SIGKILL');
  const start = performance.now();
  await reply(host, [characterPrompt('Mira', prefixTokens), user('Good evening. Who are you?')], {
    affinity: 'turns',
    maxOutputTokens: 1,
  });
  print(model, {
    name: 'crash to first token of a known conversation',
    value: performance.now() - start,
    unit: 'ms',
    reference: loadInMs,
    target: '<= load + 3000 ms',
    pass: (value) => value <= loadInMs + 3000,
  });
}

async function restart(host: LlamaHost): Promise<void> {
  await host.unload();
  await host.load();
}

async function tokensOf(host: LlamaHost, texts: string[]): Promise<number> {
  const { counts } = await host.countTokens(texts);
  return counts.reduce((sum, count) => sum + count, 0);
}

function median(values: number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

async function measureModel(weights: BenchWeights, folder: string): Promise<void> {
  await using host = createLlamaHost({
    modelId: weights.name,
    modelPath: weights.path,
    modelSha256: weights.sha256,
    statesDir: join(folder, 'states'),
    contextLength: 4096,
    maxSequences: 2,
    idleUnloadInMs: 0,
    logger: silentLogger(),
    clock: systemClock,
  });
  await host.load();
  const cold = await measureTurns(weights.name, host);
  await measureWarming(weights.name, host, cold);
  await measureStop(weights.name, host);
  await measureCrash(weights.name, host);
  await measureSpeed(weights.name, host, weights);
}

const folder = await mkdtemp(join(tmpdir(), 'everwith-bench-'));
try {
  const { chat, tokenizer } = await benchWeights();
  await measureModel(chat, folder);
  const path = join(folder, 'hybrid.gguf');
  const sha256 = await writeHybridWeights({ path, tokenizerFrom: tokenizer, shape: benchShape });
  await measureModel({ name: 'random hybrid', path, sha256 }, folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
