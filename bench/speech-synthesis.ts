import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateSpeech } from '../scripts/test-run/ensure-weights.ts';
import { systemClock } from '../src/base/clock.ts';
import { silentLogger } from '../src/base/logger.ts';
import { type LocatedFiles } from '../src/models/catalog/file-set.ts';
import { findSpeechEntry, loadSpeechCatalog, type SpeechEntry } from '../src/models/catalog/speech-catalog.ts';
import { createKokoroSpeech } from '../src/models/speech/speaking/kokoro-speech.ts';
import { createSherpaSpeech } from '../src/models/speech/speaking/sherpa-speech.ts';
import { SpeechCache } from '../src/models/speech/speaking/speech-cache.ts';
import { createSpeechHost, type SpeechHost } from '../src/models/speech/speaking/speech-host.ts';
import type { SpeakingEngine, SpeakingStart } from '../src/models/speech/speaking/speech-protocol.ts';
import type { SpeechHandle, SynthesisRequest } from '../src/models/spec/speech-handle.ts';
import { median, percentile, printFigure } from './report/figure.ts';

/*
 * Local voices: how soon a clause sounds and how much faster than time it is made, each beside the same engine called
 * directly in this process in the same run; what a line costs that was said before; and how much memory one life of the
 * child gains in many syntheses. Arguments: `piper` or `kokoro` for one of them, a number for the syntheses.
 */

interface Subject {
  id: string;
  voice: string;
  language: string;
  clauses: readonly string[];
  rounds: number;
  syntheses: number;
}

const english = [
  'Well,',
  'I was thinking about you.',
  'The keeper of the lighthouse counted the ships,',
  'and then the rain came down over the northern rocks.',
];
const chinese = ['嗯，', '我在听你说。', '今天晚上我们去河边散步，', '小时候我家门前有一棵大树。'];
const subjects: readonly Subject[] = [
  { id: 'piper-en-joe', voice: 'joe', language: 'en', clauses: english, rounds: 8, syntheses: 1_000 },
  { id: 'kokoro-82m', voice: 'af_heart', language: 'en', clauses: english, rounds: 2, syntheses: 0 },
  { id: 'kokoro-82m', voice: 'zf_xiaoxiao', language: 'zh', clauses: chinese, rounds: 2, syntheses: 40 },
];
const mostGrowthInMiB = 50;

async function openRaw(entry: SpeechEntry, files: LocatedFiles, threads: number): Promise<SpeakingEngine> {
  const workFolder = await mkdtemp(join(tmpdir(), 'everwith-bench-'));
  try {
    const { engine, settings, voices } = entry;
    const start: SpeakingStart = { engine, files, settings, voices, threads, workFolder };
    return await (engine === 'kokoro-onnx' ? createKokoroSpeech(start) : createSherpaSpeech(start));
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

function ask({ voice, language }: Subject, text: string): SynthesisRequest {
  const signal = new AbortController().signal;
  return { text, language, voice, speed: 1, pitch: 0, emotion: 'neutral', signal };
}

/** Milliseconds to the first and the last chunk, seconds of sound. */
async function time(handle: SpeechHandle, request: SynthesisRequest) {
  const start = performance.now();
  let firstInMs: number | null = null;
  let seconds = 0;
  for await (const chunk of handle.synthesize(request)) {
    firstInMs ??= performance.now() - start;
    seconds += chunk.samples.length / chunk.sampleRate;
  }
  return { firstInMs: firstInMs ?? Number.NaN, wholeInMs: performance.now() - start, seconds };
}

/** Rounds alternate, so that a busy moment meets both. */
async function measureClauses(subject: Subject, host: SpeechHost, raw: SpeakingEngine): Promise<void> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const factors: number[] = [];
  for (let round = 0; round < subject.rounds; round++) {
    for (const text of subject.clauses) {
      const start = performance.now();
      await raw.speak({ text, voice: subject.voice, language: subject.language, speed: 1 });
      theirs.push(performance.now() - start);
      const timed = await time(host.handle, ask(subject, text));
      ours.push(timed.firstInMs);
      factors.push(timed.wholeInMs / 1_000 / timed.seconds);
    }
  }
  const name = `${subject.id} ${subject.voice}`;
  for (const [label, share] of [
    ['p50', 0.5],
    ['p95', 0.95],
  ] as const) {
    const [value, reference] = [percentile(ours, share), percentile(theirs, share)];
    const pass = value <= 1.15 * reference + 15;
    printFigure({
      name: `${name}: clause to first audio ${label}`,
      value,
      unit: 'ms',
      reference,
      target: '<= 1.15x + 15 ms',
      pass,
    });
  }
  const value = median(factors);
  const most = subject.id.startsWith('piper') ? 0.5 : 2;
  const target = `<= ${most} of the time it sounds, silence not counted`;
  printFigure({ name: `${name}: real-time factor p50`, value, unit: '', reference: null, target, pass: value <= most });
}

async function measureRepeats(subject: Subject, host: SpeechHost): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'everwith-bench-'));
  try {
    await using cache = await SpeechCache.open({ folder, logger: silentLogger() });
    const handle = cache.remember(host.handle);
    const first = await time(handle, ask(subject, subject.clauses.at(-1) ?? ''));
    const again: number[] = [];
    for (let round = 0; round < 20; round++)
      again.push((await time(handle, ask(subject, subject.clauses.at(-1) ?? ''))).firstInMs);
    const value = percentile(again, 0.95);
    const name = `${subject.id} ${subject.voice}: a line said before, p95`;
    printFigure({ name, value, unit: 'ms', reference: first.firstInMs, target: '<= 5 ms', pass: value <= 5 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A text of its own length each time, for native libraries keep buffers for every shape. */
function clauseOf(index: number, { clauses }: Subject): string {
  const words = clauses.join(' ');
  const from = (index * 7) % 20;
  return words.slice(from, from + 6 + ((index * 13) % 70));
}

async function measureGrowth(subject: Subject, host: SpeechHost): Promise<void> {
  const lives = new Map<number, { first: number; most: number }>();
  const waits: number[] = [];
  for (let index = 0; index < subject.syntheses; index++) {
    const timed = await time(host.handle, ask(subject, clauseOf(index, subject)));
    waits.push(timed.wholeInMs);
    const { pid } = host;
    if (pid === undefined) continue;
    const resident = await residentMiB(pid);
    if (resident === null) continue;
    const life = lives.get(pid) ?? { first: resident, most: resident };
    lives.set(pid, { first: life.first, most: Math.max(life.most, resident) });
  }
  const growth = [...lives.values()].map(({ first, most }) => most - first);
  const name = `${subject.id}: ${subject.syntheses} syntheses`;
  const value = Math.max(...growth);
  const target = `<= ${mostGrowthInMiB} MiB`;
  printFigure({
    name: `${name}, memory gained in one life`,
    value,
    unit: 'MiB',
    reference: null,
    target,
    pass: value <= mostGrowthInMiB,
  });
  printFigure({ name: `${name}, lives`, value: lives.size, unit: '', reference: null, target: 'reported', pass: true });
  const longest = Math.max(...waits);
  printFigure({
    name: `${name}, longest wait`,
    value: longest,
    unit: 'ms',
    reference: percentile(waits, 0.95),
    target: '<= p95 + 3000 ms',
    pass: longest <= percentile(waits, 0.95) + 3_000,
  });
}

/** null where it cannot be told, or the process is gone. */
async function residentMiB(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  return match ? Number(match[1]) / 1_024 : null;
}

async function measure(subject: Subject): Promise<void> {
  const entry = findSpeechEntry(await loadSpeechCatalog(), subject.id);
  const files = await locateSpeech(subject.id);
  const threads = 1;
  await using host = createSpeechHost({
    entry,
    files,
    threads,
    idleUnloadInMs: 0,
    logger: silentLogger(),
    clock: systemClock,
  });
  const began = performance.now();
  await host.handle.warm(new AbortController().signal);
  const loadInMs = performance.now() - began;
  const rawBegan = performance.now();
  const raw = await openRaw(entry, files, threads);
  await raw.speak({ text: subject.clauses[1] ?? '', voice: subject.voice, language: subject.language, speed: 1 });
  printFigure({
    name: `${subject.id}: load, beside the engine and its first clause in this process`,
    value: loadInMs,
    unit: 'ms',
    reference: performance.now() - rawBegan,
    target: '<= 3000 ms',
    pass: loadInMs <= 3_000,
  });
  await measureClauses(subject, host, raw);
  await measureRepeats(subject, host);
  if (subject.syntheses > 0) await measureGrowth(subject, host);
}

const wanted = process.argv.slice(2);
const only = wanted.find((word) => /^[a-z]/.test(word));
const count = wanted.find((word) => /^\d+$/.test(word));
for (const subject of subjects) {
  if (only !== undefined && !subject.id.startsWith(only)) continue;
  await measure(count === undefined || subject.syntheses === 0 ? subject : { ...subject, syntheses: Number(count) });
}
