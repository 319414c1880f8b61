import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ResourceError, errorMessage } from '../../../base/errors.ts';
import type { LocatedFiles } from '../../catalog/file-set.ts';
import { preparePiperModel, readPiperConfig } from './piper-model.ts';
import type { SpeakingEngine, SpeakingStart } from './speech-protocol.ts';

/** The parts of sherpa-onnx-node that are used here; the package has no types. */
interface OfflineTts {
  sampleRate: number;
  generateAsync(request: {
    text: string;
    sid: number;
    speed: number;
    enableExternalBuffer: boolean;
  }): Promise<{ samples: Float32Array; sampleRate: number }>;
}
interface Sherpa {
  OfflineTts: { createAsync(config: object): Promise<OfflineTts> };
}

type Settings = SpeakingStart['settings'];

/**
 * VITS (Piper among them), Matcha and Kokoro in k2-fsa's packaging, through sherpa-onnx
 * (github.com/k2-fsa/sherpa-onnx). No progress callback is used: texts come in pieces, and a callback that throws takes
 * the process down.
 */
export async function createSherpaSpeech(start: SpeakingStart): Promise<SpeakingEngine> {
  const require = createRequire(import.meta.url);
  const sherpa = require('sherpa-onnx-node') as Sherpa;
  const model = await modelConfig(start);
  const tts = await sherpa.OfflineTts.createAsync({
    model: { ...model, numThreads: start.threads, provider: 'cpu', debug: 0 },
    maxNumSentences: 1,
    // The pauses as the model makes them.
    silenceScale: 1,
  }).catch((error: unknown) => {
    throw new ResourceError(
      `The voice could not be loaded (${errorMessage(error)}). Remove it on the models page and fetch it again.`,
      { code: 'engine-start-failed', cause: error },
    );
  });
  const speakers = new Map(start.voices.map(({ name }, index) => [name, speakerId(start.settings, name, index)]));
  return {
    sampleRate: tts.sampleRate,
    speak: async ({ text, voice, speed }) => {
      const sid = speakers.get(voice) ?? 0;
      const { samples } = await tts.generateAsync({ text, sid, speed, enableExternalBuffer: false });
      return samples;
    },
  };
}

async function modelConfig({ engine, files, settings, workFolder }: SpeakingStart): Promise<object> {
  const dataDir = await espeakFolder(files);
  const lengthScale = number(settings, 'lengthScale') ?? 1;
  const lexicon = ['lexicon', 'lexicon-en', 'lexicon-zh'].flatMap((name) => files[name] ?? []).join(',');
  const shared = { ...(dataDir === null ? {} : { dataDir }), ...(lexicon === '' ? {} : { lexicon }), lengthScale };
  switch (engine) {
    case 'sherpa-vits':
      return { vits: { ...shared, ...(await vitsFiles(files, workFolder)), ...noise(settings) } };
    case 'sherpa-matcha':
      return {
        matcha: {
          ...shared,
          acousticModel: need(files, 'model'),
          vocoder: need(files, 'vocoder'),
          tokens: need(files, 'tokens'),
          noiseScale: number(settings, 'noiseScale') ?? 1,
        },
      };
    case 'sherpa-kokoro':
      return {
        kokoro: {
          ...shared,
          model: need(files, 'model'),
          voices: need(files, 'voices'),
          tokens: need(files, 'tokens'),
        },
      };
    default:
      throw new ResourceError(`The engine ${engine} does not speak.`, { code: 'engine-start-failed' });
  }
}

/** A Piper voice comes with a description, every other with a list of symbols. */
async function vitsFiles(files: LocatedFiles, folder: string): Promise<{ model: string; tokens: string }> {
  const model = need(files, 'model');
  const { config } = files;
  if (config === undefined) return { model, tokens: need(files, 'tokens') };
  return preparePiperModel({ model, config: await readPiperConfig(config), folder });
}

function noise(settings: Settings): { noiseScale: number; noiseScaleW: number } {
  return { noiseScale: number(settings, 'noiseScale') ?? 0.667, noiseScaleW: number(settings, 'noiseScaleW') ?? 0.8 };
}

/** The folder that holds espeak-ng's `phontab`, at its top or one level below; null for a voice that needs none. */
async function espeakFolder(files: LocatedFiles): Promise<string | null> {
  const folder = files['espeak-data'];
  if (folder === undefined) return null;
  for (const candidate of [folder, join(folder, 'espeak-ng-data')]) {
    const found = await access(join(candidate, 'phontab')).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  throw new ResourceError(`The folder ${folder} holds no data of espeak-ng. Remove the voice and fetch it again.`, {
    code: 'engine-start-failed',
  });
}

function need(files: LocatedFiles, name: string): string {
  const path = files[name];
  if (path !== undefined) return path;
  throw new ResourceError(`The voice lacks its file "${name}".`, { code: 'engine-start-failed' });
}

function number(settings: Settings, name: string): number | undefined {
  const value = settings[name];
  return typeof value === 'number' ? value : undefined;
}

/** A model of many voices numbers them: `speaker-<voice>` in the settings, else the place in the list. */
function speakerId(settings: Settings, voice: string, index: number): number {
  return number(settings, `speaker-${voice}`) ?? index;
}
