import { cleanText } from '../../../contract/common.ts';
import { presetBodySchema, type PresetBody } from '../../../contract/prompts.ts';
import type { JsonObject } from '../../conversation/exchange/safe-json.ts';
import type { PresetWarnings } from './preset-warnings.ts';

/** The longest text of a prompt, in UTF-16 units. */
const MAX_TEXT = 200_000;
const MAX_NUDGE = 100_000;

/** A number within bounds, cut to them with a warning; undefined where there is none. */
export function numberIn(
  value: unknown,
  { key, min, max, whole = false }: { key: string; min: number; max: number; whole?: boolean },
  warnings: PresetWarnings,
): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  const held = Math.min(max, Math.max(min, whole ? Math.round(number) : number));
  if (held !== number) warnings.add('value-out-of-range', key);
  return held;
}

/** A text, cut where it is longer than the house keeps; undefined where there is none. */
export function textIn(value: unknown, key: string, warnings: PresetWarnings): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (value.length > MAX_TEXT) warnings.add('prompt-too-long', key);
  return cleanText(value.slice(0, MAX_TEXT));
}

/** A nudge of the whole prompt; null where the house's own is to be used. */
export function nudgeIn(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? cleanText(value.slice(0, MAX_NUDGE)) : null;
}

/** Everything of an object but what was read from it. */
export function leftOf(file: JsonObject, read: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(file).filter(([key]) => !read.includes(key)));
}

type Sampling = PresetBody['sampling'];
type NumberOfSampling = Exclude<keyof Sampling, 'dry'>;

const BOUNDS: Record<NumberOfSampling, { min: number; max: number; whole?: boolean }> = {
  temperature: { min: 0, max: 5 },
  topP: { min: 0, max: 1 },
  topK: { min: 0, max: 100_000, whole: true },
  minP: { min: 0, max: 1 },
  repeatPenalty: { min: 0, max: 5 },
  frequencyPenalty: { min: -2, max: 2 },
  presencePenalty: { min: -2, max: 2 },
  repeatLastTokens: { min: 0, max: 4096, whole: true },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true },
};

/** Reads sampling by the names a kind of file gives it. A negative seed or top-k means none. */
export function samplingIn(
  file: JsonObject,
  names: Readonly<Partial<Record<NumberOfSampling, string>>>,
  warnings: PresetWarnings,
): Sampling {
  const sampling: Sampling = {};
  for (const [name, key] of Object.entries(names) as [NumberOfSampling, string][]) {
    const value = file[key];
    if ((name === 'seed' || name === 'topK') && typeof value === 'number' && value < 0) continue;
    const number = numberIn(value, { key, ...BOUNDS[name] }, warnings);
    if (number !== undefined) sampling[name] = number;
  }
  return sampling;
}

/** A body of the shape the house keeps; defaults filled in. */
export function toBody(body: unknown): PresetBody {
  return presetBodySchema.parse(body);
}
