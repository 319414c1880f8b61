import { MEASUREMENT } from '../tests/support/unbilled.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '../src/base/clock.ts';
import { errorMessage } from '../src/base/errors.ts';
import { silentLogger } from '../src/base/logger.ts';
import { findCharacterBySlug } from '../src/character/character-store.ts';
import { buildConfig } from '../src/config/config.ts';
import { serve, type House } from '../src/serve.ts';
import { ClauseSplitter, type SpokenClause } from '../src/voice/clauses/clause-splitter.ts';
import { SimulatedCaller } from '../src/voice/testing/simulated-caller.ts';
import { STOP_SILENCE_MS } from '../src/voice/turn-profile.ts';
import { percentile, printFigure } from './report/figure.ts';
import { needed, openMouth } from './voice/speech-tools.ts';
import { realClock } from './voice/real-clock.ts';

/** A call with the local engines as a new user has them: the fallback text model, the small ears, the fast voice. */
const MODEL = 'local:qwen2.5-coder-0.5b';
const LANGUAGES = {
  en: {
    locale: 'en',
    character: 'mira',
    target: { p50: 1400, p95: 2500 },
    questions: [
      'Was it cold last night?',
      'What did you see from the tower?',
      'Do you like the sea?',
      'Tell me about your cat.',
      'Have you ever been afraid?',
      'Who lived here before you?',
      'What do you eat for breakfast?',
      'How long have you been here?',
    ],
  },
  zh: {
    locale: 'zh-CN',
    character: 'yanzi',
    target: null,
    questions: ['今天晚上冷不冷？', '你在这里住了多久？', '你喜欢喝什么茶？', '最近生意好吗？'],
  },
} as const;
type Language = keyof typeof LANGUAGES;

/** Sound of the reply that is listened to before it is cut short, milliseconds. */
const LISTENED_MS = 1200;
const PATIENCE_MS = 60_000;

/** A person who asks: a voice of the house that no character has, mono 16 kHz. */
const PERSONS = {
  en: { id: 'piper-en-joe', voice: 'joe', pitch: 3 },
  zh: { id: 'kokoro-82m', voice: 'zf_xiaoni', pitch: 0 },
} as const;

async function say(language: Language, texts: readonly string[]): Promise<Float32Array[]> {
  const { id, voice, pitch } = PERSONS[language];
  await using mouth = openMouth(await needed(id), { voice, language });
  const said: Float32Array[] = [];
  for (const text of texts) said.push(await mouth.say(text, { pitch }));
  return said;
}

async function openHouse(stack: AsyncDisposableStack): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'everwith-bench-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const environment = { ...process.env, EVERWITH_OFFLINE: '1', EVERWITH_PORT: '0' };
  const config = buildConfig({
    flags: { data: join(folder, 'data'), open: false },
    environment,
    platform: process.platform,
    callerDirectory: folder,
    readFile: () => undefined,
  });
  const house = stack.use(
    await serve({ config, logger: silentLogger(), clock: systemClock, environment, wake: false }),
  );
  await house.app.engines.choose(house.app.accounts.terminalActor, MODEL, new AbortController().signal);
  return house;
}

/** What each stage takes when nothing runs beside it, milliseconds. */
interface Alone {
  transcript: number;
  firstClause: number;
  synthesis: number;
}

async function measureAlone(
  { app }: House,
  {
    language,
    question,
    sound,
    conversationId,
  }: { language: Language; question: string; sound: Float32Array; conversationId: string },
): Promise<Alone> {
  const signal = new AbortController().signal;
  const ears = await app.speech.transcription(language, signal);
  const transcript = await timed(() => ears.billed(MEASUREMENT).transcribe({ samples: sound, language, signal }));
  const actor = app.accounts.terminalActor;
  const watching = new AbortController();
  const events = app.conversations.watch(actor, conversationId, watching.signal);
  await events.next();
  const splitter = new ClauseSplitter();
  const clause = await timed(async () => {
    await app.messages.send(actor, conversationId, { text: question, clientId: crypto.randomUUID() });
    for await (const event of events) {
      if (event.type === 'text-delta') {
        const found = splitter.push(event.text).find(({ spoken }) => spoken !== '');
        if (found) return found;
      }
      if (event.type === 'reply-end') return splitter.end().find(({ spoken }) => spoken !== '');
    }
    return undefined;
  });
  watching.abort();
  await app.replies.stop(actor, conversationId);
  const synthesis = await timed(() => firstSound(app, language, clause.value));
  return { transcript: transcript.tookInMs, firstClause: clause.tookInMs, synthesis: synthesis.tookInMs };
}

async function firstSound(app: House['app'], language: Language, clause: SpokenClause | undefined): Promise<void> {
  if (!clause) return;
  const signal = new AbortController().signal;
  const ref = await app.speech.defaultVoice(language, { forCalls: true });
  if (ref === null) throw new Error(`Nothing speaks ${language}.`);
  const { handle, voice } = await app.speech.speech(ref, signal);
  const { spoken: text, emotion } = clause;
  const request = { text, language, voice, speed: 1, pitch: 0, emotion, signal };
  for await (const _piece of handle.billed(MEASUREMENT).synthesize(request)) return;
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; tookInMs: number }> {
  const begunAt = performance.now();
  const value = await work();
  return { value, tookInMs: performance.now() - begunAt };
}

async function measure(language: Language): Promise<void> {
  const { locale, character, target, questions } = LANGUAGES[language];
  await using stack = new AsyncDisposableStack();
  const sounds = await say(language, questions);
  const house = await openHouse(stack);
  const { app } = house;
  const actor = app.accounts.terminalActor;
  const characterId = await findCharacterBySlug(app.storage.db, { slug: character, userId: actor.userId });
  if (characterId === undefined) throw new Error(`There is no ${character}.`);
  const talk = () => app.conversations.create(actor, { characterId, locale });
  const { id: conversationId } = await talk();
  const open = await app.calls.open(actor, {
    target: { kind: 'conversation', conversationId },
    playback: 'reported',
    greet: false,
  });
  const caller = new SimulatedCaller(open.call, realClock(), { jitterInMs: 40 });
  await caller.run(3000); // engines load
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const responses: number[] = [];
  for (const [index, sound] of sounds.entries()) {
    const clock = caller.clock;
    if (index === 1) delay.enable(); // the first turn loads what was not loaded
    const ends = caller.count('reply-end');
    caller.speak(sound);
    const silentFrom = clock.now() + (sound.length * 1000) / 16_000;
    await caller.run(PATIENCE_MS, () => caller.firstSoundAfter(silentFrom) !== undefined);
    const sounded = caller.firstSoundAfter(silentFrom);
    if (sounded === undefined) throw new Error(`“${questions[index] ?? ''}” was not answered.`);
    if (index > 0) responses.push(sounded - silentFrom);
    await caller.run(LISTENED_MS);
    open.call.interrupt();
    await caller.run(PATIENCE_MS, () => caller.count('reply-end') > ends);
  }
  delay.disable();
  await open.call.end('hung-up');
  const alone: number[] = [];
  const { id: plain } = await talk();
  for (const [index, sound] of sounds.entries()) {
    const question = questions[index] ?? '';
    const stages = await measureAlone(house, { language, question, sound, conversationId: plain });
    if (index > 0) alone.push(STOP_SILENCE_MS + stages.transcript + stages.firstClause + stages.synthesis);
    process.stderr.write(`${question} ${JSON.stringify(stages)}\n`);
  }
  report({ language, responses, alone, target, lagInMs: Math.max(delay.percentile(99) / 1e6 - 5, 0) });
}

function report({
  language,
  responses,
  alone,
  target,
  lagInMs,
}: {
  language: Language;
  responses: readonly number[];
  alone: readonly number[];
  target: { p50: number; p95: number } | null;
  lagInMs: number;
}): void {
  for (const [share, most] of [
    [0.5, 1.15],
    [0.95, 1.5],
  ] as const) {
    const value = percentile(responses, share);
    const reference = percentile(alone, share);
    const limit = target && (share === 0.5 ? target.p50 : target.p95);
    printFigure({
      name: `call, ${language}: end of speech to first sound, local engines, p${share * 100}`,
      value,
      unit: 'ms',
      reference,
      target: limit === null ? 'reported' : `<= ${limit} ms`,
      pass: limit === null || value <= limit,
    });
    printFigure({
      name: `call, ${language}: the same against the sum of its stages alone, p${share * 100}`,
      value: value / reference,
      unit: 'x',
      reference: null,
      target: `<= ${most}x`,
      pass: value / reference <= most,
    });
  }
  printFigure({
    name: `call, ${language}: event loop delay p99`,
    value: lagInMs,
    unit: 'ms',
    reference: null,
    target: '<= 20 ms',
    pass: lagInMs <= 20,
  });
}

for (const language of ['en', 'zh'] as const) {
  try {
    await measure(language);
  } catch (error) {
    process.stderr.write(`${language}: ${errorMessage(error)}\n`);
    process.exitCode = 1;
  }
}
