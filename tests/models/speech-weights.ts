import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Folder with one folder for each speech model; unset, the tests that need one are skipped by name. */
const folder = process.env['EVERWITH_TEST_SPEECH_WEIGHTS'];

const fileNames = {
  silero: { model: 'silero_vad_v6.onnx' },
  'smart-turn': { model: 'smart-turn-v3.2-cpu.onnx' },
  'moonshine-tiny-en': {
    encoder: 'encoder_model.ort',
    decoder: 'decoder_model_merged.ort',
    tokenizer: 'tokenizer.bin',
  },
} as const;
export type SpeechWeights = keyof typeof fileNames;

/** Absolute paths by name; null when a file is not there. */
export function speechWeights(id: SpeechWeights): Record<string, string> | null {
  if (folder === undefined) return null;
  const paths = Object.entries(fileNames[id]).map(([name, file]) => [name, join(folder, id, file)] as const);
  return paths.every(([, path]) => existsSync(path)) ? Object.fromEntries(paths) : null;
}
