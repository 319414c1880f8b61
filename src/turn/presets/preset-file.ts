import type { PresetBody } from '../../../contract/prompts.ts';
import type { JsonObject } from '../../conversation/exchange/safe-json.ts';

/** By this our own files are known. */
export const PRESET_FORMAT = 'everwith-preset';

/** A preset as a file of ours: everything it has. */
export function presetFile(name: string, body: PresetBody): JsonObject {
  return { format: PRESET_FORMAT, version: 1, name, body };
}
