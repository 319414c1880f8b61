import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rmsInDbfs } from '../../src/base/audio/loudness.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/logger.ts';
import type { LocatedFiles, SpeechEntry } from '../../src/models/catalog/speech-catalog.ts';
import type { SpeechHandle, SynthesisRequest } from '../../src/models/spec/speech-handle.ts';
import { createSpeechHost, type SpeechHost } from '../../src/models/speech/speaking/speech-host.ts';

/** Folder with one folder for each speech model; unset, the tests that need one are skipped by name. */
const folder = process.env['EVERWITH_TEST_SPEECH_WEIGHTS'];

export interface TestVoice {
  entry: SpeechEntry;
  files: LocatedFiles;
}

/** null when a file is not there. */
export function piperVoice(): TestVoice | null {
  return locate(entryOf({ id: 'piper-en-joe', engine: 'sherpa-vits', voices: [['joe', ['en']]] }), {
    model: 'piper-en-joe/en_US-joe-medium.onnx',
    config: 'piper-en-joe/en_US-joe-medium.onnx.json',
    'espeak-data': 'espeak-ng-data',
  });
}

function entryOf({
  id,
  engine,
  voices,
}: Pick<SpeechEntry, 'id' | 'engine'> & { voices: [name: string, languages: string[]][] }): SpeechEntry {
  return {
    id,
    engine,
    role: 'speech',
    use: 'starter',
    label: id,
    licence: 'CC0-1.0',
    languages: [...new Set(voices.flatMap(([, languages]) => languages))],
    forCalls: true,
    voices: voices.map(([name, languages]) => ({ name, label: name, languages, gender: null })),
    settings: {},
    files: [],
  };
}

function locate(entry: SpeechEntry, names: Record<string, string>): TestVoice | null {
  if (folder === undefined) return null;
  const files = Object.fromEntries(Object.entries(names).map(([name, path]) => [name, join(folder, path)]));
  return Object.values(files).every((path) => existsSync(path)) ? { entry, files } : null;
}

export function openVoice(voice: TestVoice): SpeechHost {
  return createSpeechHost({ ...voice, idleUnloadInMs: 0, logger: silentLogger(), clock: systemClock });
}

export interface Spoken {
  samples: Float32Array;
  sampleRate: number;
  seconds: number;
  /** Root mean square, dBFS. */
  level: number;
  chunks: number;
}

export async function speak(
  handle: SpeechHandle,
  request: Partial<SynthesisRequest> & { text: string; voice: string },
): Promise<Spoken> {
  const parts: Float32Array[] = [];
  let sampleRate = 0;
  for await (const chunk of handle.synthesize({
    language: 'en',
    speed: 1,
    pitch: 0,
    emotion: 'neutral',
    signal: new AbortController().signal,
    ...request,
  })) {
    parts.push(chunk.samples);
    ({ sampleRate } = chunk);
  }
  const samples = Float32Array.from(parts.flatMap((part) => [...part]));
  return {
    samples,
    sampleRate,
    seconds: samples.length / sampleRate,
    level: rmsInDbfs(samples),
    chunks: parts.length,
  };
}

/** Milliseconds before the first sample, and after the last one, that stands out. */
export function edges({ samples, sampleRate }: Spoken): { before: number; after: number } {
  const sounds = (sample: number) => Math.abs(sample) > 0.01;
  return {
    before: (samples.findIndex(sounds) / sampleRate) * 1_000,
    after: ((samples.length - 1 - samples.findLastIndex(sounds)) / sampleRate) * 1_000,
  };
}
