import { z } from 'zod';
import { seededNumbers } from '../../../base/seeded-numbers.ts';
import { fillerEnglish } from './filler-english.ts';
import { fillerChinese } from './filler-chinese.ts';

/**
 * A long text made from a seed, the same everywhere: `units` lines of an office's notes or of a service's log, and
 * needles among them at a share of the way (0 is the beginning).
 */
export const longTextSchema = z.strictObject({
  kind: z.enum(['notes', 'log']),
  language: z.enum(['en', 'zh']),
  seed: z.int().nonnegative(),
  units: z.int().min(10).max(400),
  needles: z.array(z.strictObject({ at: z.number().min(0).max(1), text: z.string().min(1) })),
});
type LongText = z.infer<typeof longTextSchema>;

/** Sentences with slots `{name}`, and what may stand in each. */
export interface Filler {
  notes: readonly string[];
  log: readonly string[];
  slots: Readonly<Record<string, readonly string[]>>;
}

export function makeLongText({ kind, language, seed, units, needles }: LongText): string {
  const filler = language === 'en' ? fillerEnglish : fillerChinese;
  const random = seededNumbers(seed);
  const lines = Array.from({ length: units }, (_, index) => {
    const line = fill(pick(filler[kind], random), filler, random);
    return kind === 'log' ? `${timeOf(index, random)} ${line}` : line;
  });
  const atLine = (at: number) => Math.min(units, Math.round(at * units));
  for (const { at, text } of needles.toSorted((one, other) => other.at - one.at)) lines.splice(atLine(at), 0, text);
  return lines.join('\n');
}

function fill(template: string, { slots }: Filler, random: () => number): string {
  return template.replaceAll(/\{(\w+)\}/gu, (_, slot: string) =>
    slot === 'number' ? String(2 + Math.floor(random() * 38)) : pick(slots[slot] ?? [''], random),
  );
}

function pick(from: readonly string[], random: () => number): string {
  return from[Math.floor(random() * from.length)] ?? '';
}

const START = Date.UTC(2026, 1, 3, 6, 0, 0);
const MOST_MS_BETWEEN = 40_000;

function timeOf(index: number, random: () => number): string {
  const time = START + index * MOST_MS_BETWEEN + Math.floor(random() * MOST_MS_BETWEEN);
  return new Date(time).toISOString().slice(0, 19);
}
