import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locateSpeech } from '../../scripts/test-run/ensure-weights.ts';
import { encodeWav } from '../../src/base/audio/wav.ts';
import { systemClock } from '../../src/base/clock.ts';
import { AbortedError, InvalidInputError, TooLargeError, UnavailableError } from '../../src/base/errors.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { type LocatedFiles } from '../../src/models/catalog/file-set.ts';
import { loadSpeechCatalog, type SpeechEntry } from '../../src/models/catalog/speech-catalog.ts';
import { createHearingHost, type HearingHost } from '../../src/models/speech/hearing/hearing-host.ts';
import { loadSilero, type Silero } from '../../src/models/speech/hearing/silero.ts';
import { transcribeLong } from '../../src/models/speech/hearing/transcribe-long.ts';
import { canSpeak, joinAudio, noise, silence, speak } from '../support/test-speech.ts';

const COMPLETE = [
  'Hello there, how are you?',
  'I was wondering whether you could tell me something about the old house.',
  'We went down to the harbour yesterday.',
  'What time does the boat leave?',
];

const ready = (process.env['EVERWITH_TEST_WEIGHTS'] ?? '').split(',');
const hasWeights = ['moonshine-tiny-en', 'smart-turn-3.2', 'silero-vad-6'].every((id) => ready.includes(id));
const never = new AbortController().signal;

async function installed(id: string): Promise<{ entry: SpeechEntry; files: LocatedFiles }> {
  const { entries } = await loadSpeechCatalog();
  const entry = entries.find((candidate) => candidate.id === id);
  if (!entry) throw new Error(`The catalog has no ${id}.`);
  return { entry, files: await locateSpeech(id) };
}

async function openHost(otherFiles: LocatedFiles = {}): Promise<HearingHost> {
  const { entry, files } = await installed('moonshine-tiny-en');
  return createHearingHost({
    entry,
    files: { ...files, ...otherFiles },
    turn: await installed('smart-turn-3.2'),
    idleUnloadInMs: 0,
    clock: systemClock,
    logger: silentLogger(),
  });
}

/** A sentence as a call hands it over: half a second before it, the stop silence behind it. */
async function turnAudio(text: string): Promise<Float32Array> {
  return joinAudio(silence(0.5), await speak(text), silence(0.2));
}

const sentence = 'I would like to go outside and look at the garden.';
const understood = /outside and look at the garden/i;

describe.skipIf(!hasWeights || !canSpeak)('the hearing child with Moonshine', () => {
  let host: HearingHost;
  let silero: Silero;
  let audio: Float32Array;
  const hear = (samples: Float32Array, signal = never) =>
    host.transcription.transcribe({ samples, language: 'en', signal });

  beforeAll(async () => {
    host = await openHost();
    silero = await loadSilero((await locateSpeech('silero-vad-6'))['model'] ?? '');
    audio = await turnAudio(sentence);
    await host.transcription.warm(never);
  });
  afterAll(async () => {
    await host[Symbol.asyncDispose]();
    await silero[Symbol.asyncDispose]();
  });

  test('a sentence is understood', async () => {
    expect(await hear(audio)).toMatchObject({ text: expect.stringMatching(understood), language: 'en' });
  });

  test('silence, hiss, hum and nothing give no words', async () => {
    const quiet = [silence(3), new Float32Array(0), silence(0.05)];
    for (const colour of ['whitenoise', 'pinknoise', 'brownnoise'] as const)
      for (const level of [-50, -30, -15]) quiet.push(await noise(3, colour, level));
    for (const samples of quiet) expect((await hear(samples)).text).toBe('');
  });

  test('samples that are no numbers are silence, not an end of hearing', async () => {
    expect((await hear(new Float32Array(32_000).fill(Number.NaN))).text).toBe('');
    expect((await hear(audio)).text).toMatch(understood);
  });

  test('a language it does not know and a recording that is too long are refused by name', async () => {
    const chinese = host.transcription.transcribe({ samples: audio, language: 'zh', signal: never });
    await expect(chinese).rejects.toThrow(InvalidInputError);
    await expect(chinese).rejects.toThrow('does not understand the language "zh"; it understands en');
    await expect(hear(new Float32Array(31 * 60 * 16_000))).rejects.toThrow(TooLargeError);
  });

  test('a cancelled request ends at once and the next one is served', async () => {
    const stop = new AbortController();
    const long = hear(joinAudio(...Array.from({ length: 10 }, () => audio)), stop.signal);
    stop.abort();
    await expect(long).rejects.toThrow(AbortedError);
    expect((await hear(audio)).text).toMatch(understood);
  });

  test('a newer request of a stream takes the place of the older one', async () => {
    const ask = (samples: Float32Array) =>
      host.transcription.transcribe({ samples, language: 'en', stream: 'call', signal: never });
    const older = ask(joinAudio(audio, audio, audio));
    const newer = ask(audio);
    await expect(older).rejects.toThrow(AbortedError);
    expect((await newer).text).toMatch(understood);
  });

  test('a call does not wait for a recording that is being transcribed', async () => {
    const order: string[] = [];
    const recording = joinAudio(...Array.from({ length: 12 }, () => audio));
    const file = host.transcription
      .transcribe({ samples: recording, language: 'en', priority: 'background', signal: never })
      .then(({ text }) => {
        order.push('file');
        return text;
      });
    const call = hear(audio).then(() => order.push('call'));
    const [text] = await Promise.all([file, call]);
    expect(order).toEqual(['call', 'file']);
    expect(text.match(/garden/gi)).toHaveLength(12);
  });

  test('ends of turns: finished sentences sound more complete than their beginnings', async () => {
    const turns = host.turns;
    if (!turns) throw new Error('The host was opened with a turn detector.');
    // The voice says a sentence differently each time, so no single one decides.
    const whole: number[] = [];
    const begun: number[] = [];
    for (const text of COMPLETE) {
      whole.push(await turns.probability(await turnAudio(text), never));
      const spoken = await speak(text);
      const half = joinAudio(silence(0.5), spoken.subarray(0, Math.round(spoken.length * 0.4)), silence(0.2));
      begun.push(await turns.probability(half, never));
    }
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(whole) / whole.length).toBeGreaterThan(0.5);
    expect(sum(begun)).toBeLessThan(sum(whole));
    expect(await turns.probability(new Float32Array(0), never)).toBeGreaterThanOrEqual(0);
    expect(await turns.probability(new Float32Array(200_000).fill(Number.NaN), never)).toBeLessThanOrEqual(1);
  });

  test('killed in the middle of a request, it answers the same request', async () => {
    const pid = host.pid ?? 0;
    const request = hear(audio);
    process.kill(pid, 'SIGKILL');
    expect((await request).text).toMatch(understood);
    expect(host.pid).not.toBe(pid);
  });

  test('ten minutes with long silences become a text, and nothing is heard in the silences', async () => {
    const spoken = joinAudio(audio, silence(0.8), audio, silence(50));
    const recording = joinAudio(...Array.from({ length: Math.ceil(600 / (spoken.length / 16_000)) }, () => spoken));
    const repeats = Math.round(recording.length / spoken.length) * 2;
    const progress: number[] = [];
    const { text } = await transcribeLong({
      handle: host.transcription,
      activity: silero.create(),
      samples: recording,
      language: 'en',
      signal: never,
      onProgress: ({ doneInSeconds }) => progress.push(doneInSeconds),
    });
    expect(text.match(/garden/gi)).toHaveLength(repeats);
    expect(progress.toSorted((left, right) => left - right)).toEqual(progress);
    const quiet = { handle: host.transcription, activity: silero.create(), language: 'en', signal: never };
    expect((await transcribeLong({ ...quiet, samples: silence(60) })).text).toBe('');
  });

  test('the specification of models: a WAV in, text and segments out', async () => {
    const { transcriptionModel } = host.transcription;
    const wav = encodeWav({ samples: joinAudio(audio, audio, audio, audio, audio), sampleRate: 16_000 });
    const { text, segments } = await transcriptionModel.doGenerate({ audio: wav, mediaType: 'audio/wav' });
    expect(text.match(/garden/gi)).toHaveLength(5);
    expect(segments.length).toBeGreaterThan(1);
    await expect(async () =>
      transcriptionModel.doGenerate({ audio: new Uint8Array(10), mediaType: 'audio/ogg' }),
    ).rejects.toThrow('this is audio/ogg');
  });
});

describe.skipIf(!hasWeights)('a hearing child whose files are damaged', () => {
  test('says which, and what to do', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'everwith-hearing-'));
    try {
      const damaged = join(folder, 'encoder.ort');
      await writeFile(damaged, 'not a model');
      await using host = await openHost({ encoder: damaged });
      const heard = host.transcription.transcribe({ samples: silence(1), language: 'en', signal: never });
      await expect(heard).rejects.toThrow(/encoder\.ort could not be loaded .* fetch it again/);
      await expect(heard).rejects.not.toThrow(UnavailableError);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
