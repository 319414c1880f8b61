import { joinSamples } from '../src/base/audio/join-samples.ts';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ResourceError } from '../src/base/errors.ts';
import type { TranscriptionHandle } from '../src/models/spec/speech-handle.ts';
import type { HearingHost } from '../src/models/speech/hearing/hearing-host.ts';
import { loadSilero } from '../src/models/speech/hearing/silero.ts';
import { SmartTurnFeatures } from '../src/models/speech/hearing/smart-turn-features.ts';
import { percentile, printFigure } from './report/figure.ts';
import { loadRawMoonshine } from './voice/raw-moonshine.ts';
import { CHINESE_SENTENCES } from './voice/sentences-zh.ts';
import { ENGLISH_SENTENCES } from './voice/sentences-en.ts';
import { installed, needed, openEars, openMouth, silence, type Mouth } from './voice/speech-tools.ts';
import {
  chineseCharacters,
  chineseSyllables,
  countErrors,
  englishWords,
  errorRate,
  type ErrorCount,
} from './voice/word-errors.ts';

/**
 * Ears: what each stage costs, beside the bare runtime on the same weights in the same run, alternately, so that a busy
 * machine slows both; and how much of our own speech is understood.
 */
const FRAMES = 3000;
const TURNS = 30;
const TRANSCRIPTS = 12;
/** Process, queue and text may cost so much more than the bare runtime. */
const OVERHEAD = 1.15;
const WORD_ERROR_TARGET = 0.08;
/** Chinese has no target in the issue; homophones alone give 2.2 % with Whisper base. */
const CHARACTER_ERROR_TARGET = 0.1;
const SECONDS = [1, 3, 10];
const never = new AbortController().signal;

function compare(name: string, ours: readonly number[], raw: readonly number[], target = OVERHEAD): void {
  for (const share of [0.5, 0.95]) {
    const [value, reference] = [percentile(ours, share), percentile(raw, share)];
    printFigure({
      name: `${name}, p${share * 100}`,
      value,
      unit: 'ms',
      reference,
      target: share === 0.5 ? `<= ${target}x the bare runtime` : 'told',
      pass: share !== 0.5 || value <= reference * target,
    });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** A frame in the server's own process, and what eight calls do to its loop. */
async function measureActivity(audio: Float32Array): Promise<void> {
  const path = (await needed('silero-vad-6')).files['model'] ?? '';
  await using silero = await loadSilero(path);
  const session = await InferenceSession.create(path, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const frameAt = (index: number) => audio.subarray((index * 512) % (audio.length - 512)).subarray(0, 512);
  const feeds = {
    input: new Tensor('float32', new Float32Array(576), [1, 576]),
    state: new Tensor('float32', new Float32Array(256), [2, 1, 128]),
    sr: new Tensor('int64', BigInt64Array.of(16_000n), []),
  };
  const detector = silero.create();
  const [ours, raw]: [number[], number[]] = [[], []];
  for (let index = 0; index < FRAMES; index++) {
    ours.push(await timed(() => detector.probability(frameAt(index))));
    raw.push(await timed(() => session.run(feeds)));
  }
  await session.release();
  compare('hearing: Silero, a frame of 32 ms', ours, raw, 1.3);
  await measureLoopDelay(
    Array.from({ length: 8 }, () => silero.create()),
    frameAt,
  );
}

/** Frames arrive as they do in a call: one for each of eight callers every 32 ms. */
async function measureLoopDelay(
  detectors: readonly { probability(frame: Float32Array): Promise<number> }[],
  frameAt: (index: number) => Float32Array,
): Promise<void> {
  const measure = async (listening: boolean): Promise<number> => {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    for (let index = 0; index < 150; index++) {
      const next = new Promise((resolve) => setTimeout(resolve, 32));
      if (listening) await Promise.all(detectors.map((detector) => detector.probability(frameAt(index))));
      await next;
    }
    delay.disable();
    return delay.percentile(99) / 1e6;
  };
  const idle = await measure(false);
  const value = await measure(true);
  printFigure({
    name: 'hearing: event loop delay p99, eight calls listening',
    value,
    unit: 'ms',
    reference: idle,
    target: '<= 20 ms',
    pass: value <= 20,
  });
}

async function measureTurnDetector(host: HearingHost, audio: Float32Array): Promise<void> {
  const path = (await needed('smart-turn-3.2')).files['model'] ?? '';
  const session = await InferenceSession.create(path, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const features = new SmartTurnFeatures();
  const [whole, featureTimes, inference]: [number[], number[], number[]] = [[], [], []];
  for (let index = 0; index < TURNS; index++) {
    const turn = audio.subarray(index * 8000, index * 8000 + 8 * 16_000);
    whole.push(await timed(async () => host.turns?.probability(turn, never)));
    let made = new Float32Array(0);
    featureTimes.push(await timed(async () => (made = features.extract(turn).slice())));
    inference.push(await timed(() => session.run({ input_features: new Tensor('float32', made, [1, 80, 800]) })));
  }
  await session.release();
  const sums = inference.map((time, index) => time + (featureTimes[index] ?? 0));
  compare('hearing: Smart Turn, asked over the process boundary, 8 s', whole, sums, 1.25);
  compare('hearing: Smart Turn features, beside the inference', featureTimes, inference, 1);
}

async function measureTranscripts(host: HearingHost, audio: Float32Array): Promise<void> {
  await using raw = await loadRawMoonshine((await needed('moonshine-tiny-en')).files);
  for (const seconds of SECONDS) {
    const [ours, bare]: [number[], number[]] = [[], []];
    for (let index = -1; index < TRANSCRIPTS; index++) {
      const start = Math.max(0, index) * 16_000;
      const samples = audio.slice(start, start + seconds * 16_000);
      const took = await timed(() => host.transcription.transcribe({ samples, language: 'en', signal: never }));
      const bareTook = await raw.run(samples);
      // The first of each length makes the runtime's plans.
      if (index < 0) continue;
      ours.push(took);
      bare.push(bareTook);
    }
    compare(`hearing: Moonshine, ${seconds} s`, ours, bare);
  }
}

/** A voice whose engine cannot be started is left out, by name. */
async function measureErrors(...measured: Parameters<typeof measureVoice>): Promise<void> {
  try {
    await measureVoice(...measured);
  } catch (error) {
    if (!(error instanceof ResourceError)) throw error;
    console.error(`${measured[1].name} is left out: ${error.message}`);
  }
}

async function measureVoice(
  ears: TranscriptionHandle,
  mouth: Mouth,
  options: {
    language: 'en' | 'zh';
    sentences: readonly string[];
    units: (text: string) => string[];
    unit: string;
    target: number;
  },
): Promise<void> {
  const { language, sentences, units, unit, target } = options;
  const counts: ErrorCount[] = [];
  const syllables: ErrorCount[] = [];
  for (const sentence of sentences) {
    const samples = joinSamples([silence(0.3), await mouth.say(sentence), silence(0.3)]);
    const { text } = await ears.transcribe({ samples, language, signal: never });
    const count = countErrors(units(sentence), units(text));
    if (count.edits > 0) console.error(`${count.edits}/${count.units}  ${sentence}\n      ${text}`);
    counts.push(count);
    if (language === 'zh') syllables.push(countErrors(chineseSyllables(sentence), chineseSyllables(text)));
  }
  const value = errorRate(counts) * 100;
  printFigure({
    name: `hearing: ${ears.label} of ${mouth.name}, ${unit} errors, ${sentences.length} sentences`,
    value,
    unit: '%',
    reference: syllables.length > 0 ? errorRate(syllables) * 100 : null,
    target: `<= ${target * 100} %${syllables.length > 0 ? ' (reference: syllable errors)' : ''}`,
    pass: value <= target * 100,
  });
}

async function measureEnglish(host: HearingHost): Promise<void> {
  const english = { language: 'en', sentences: ENGLISH_SENTENCES, units: englishWords, unit: 'word' } as const;
  const voices = [
    ['piper-en-joe', 'joe'],
    ['kokoro-82m', 'af_heart'],
  ] as const;
  for (const [id, voice] of voices) {
    const found = await installed(id);
    if (!found) continue;
    await using mouth = openMouth(found, { voice, language: 'en' });
    await measureErrors(host.transcription, mouth, { ...english, target: WORD_ERROR_TARGET });
  }
}

async function measureChinese(): Promise<void> {
  const found = await installed('kokoro-82m');
  for (const id of ['whisper-base', 'sense-voice-small']) {
    const ears = await installed(id);
    if (!ears || !found) continue;
    await using host = openEars(ears, null);
    await using mouth = openMouth(found, { voice: 'zf_xiaoxiao', language: 'zh' });
    const options = {
      language: 'zh',
      sentences: CHINESE_SENTENCES,
      units: chineseCharacters,
      unit: 'character',
    } as const;
    await measureErrors(host.transcription, mouth, { ...options, target: CHARACTER_ERROR_TARGET });
  }
}

async function run(): Promise<void> {
  await using host = openEars(await needed('moonshine-tiny-en'), await needed('smart-turn-3.2'));
  await using mouth = openMouth(await needed('piper-en-joe'), { voice: 'joe', language: 'en' });
  await host.transcription.warm(never);
  const spoken: Float32Array[] = [];
  for (const sentence of ENGLISH_SENTENCES.slice(0, 12)) spoken.push(await mouth.say(sentence), silence(0.4));
  const audio = joinSamples(spoken);
  await measureActivity(audio);
  await measureTurnDetector(host, audio);
  await measureTranscripts(host, audio);
  await measureEnglish(host);
  await measureChinese();
}

await run();
