import { z } from 'zod';
import { foldText } from '../fold-text.ts';
import { linesOf } from './text-checks.ts';

const bounds = { min: z.int().nonnegative().optional(), max: z.int().nonnegative().optional() };

/** How many there are. `items` are lines that begin with a bullet or a number; `letters` are those of any script. */
const countSchema = z.strictObject({
  check: z.literal('count'),
  of: z.enum(['words', 'characters', 'letters', 'han', 'sentences', 'lines', 'paragraphs', 'items']),
  ...bounds,
});

/** The share of a language's letters among all letters: Han against Latin, Kana and Hangul. */
const languageShareSchema = z.strictObject({
  check: z.literal('language-share'),
  language: z.enum(['en', 'zh']),
  min: z.number().min(0).max(1),
});

/** No character longer than this: for short messages, titles, labels. */
const maxLengthSchema = z.strictObject({ check: z.literal('max-length'), characters: z.int().positive() });

export const measureCheckSchemas = [countSchema, languageShareSchema, maxLengthSchema] as const;
export type MeasureCheck = z.infer<(typeof measureCheckSchemas)[number]>;
type Unit = z.infer<typeof countSchema>['of'];

export function missesOfMeasure(text: string, check: MeasureCheck): string[] {
  switch (check.check) {
    case 'count': {
      const found = countOf(text, check.of);
      if (check.min !== undefined && found < check.min) return [`has ${found} ${check.of}, fewer than ${check.min}`];
      if (check.max !== undefined && found > check.max) return [`has ${found} ${check.of}, more than ${check.max}`];
      return [];
    }
    case 'language-share': {
      const share = languageShare(text, check.language);
      return share >= check.min ? [] : [`is ${Math.round(share * 100)} % ${check.language}`];
    }
    default: {
      const { length } = Array.from(text.trim());
      return length <= check.characters ? [] : [`has ${length} characters, more than ${check.characters}`];
    }
  }
}

const BULLET = /^(?:[-*•·]|\d{1,2}[.)、]|[（(]\d{1,2}[)）])\s*\S/u;

export function countOf(text: string, unit: Unit): number {
  const trimmed = text.trim();
  if (trimmed === '') return 0;
  switch (unit) {
    case 'words':
      return foldText(trimmed).match(/[\p{L}\p{N}]+(?:['.,:/-][\p{L}\p{N}]+)*/gu)?.length ?? 0;
    case 'characters':
      return Array.from(trimmed.replaceAll(/\s/gu, '')).length;
    case 'letters':
      return trimmed.match(/\p{L}/gu)?.length ?? 0;
    case 'han':
      return trimmed.match(/\p{Script=Han}/gu)?.length ?? 0;
    case 'sentences':
      return (
        withoutInnerDots(trimmed)
          .match(/[^.!?。！？…]+(?:[.!?。！？…]+["”’」』)）]*|$)/gu)
          ?.filter(hasLetter).length ?? 0
      );
    case 'lines':
      return linesOf(trimmed).length;
    case 'paragraphs':
      return trimmed.split(/\n\s*\n/u).length;
    default:
      return linesOf(trimmed).filter((line) => BULLET.test(line)).length;
  }
}

/** Dots that end no sentence: of numbers and of titles. */
function withoutInnerDots(text: string): string {
  return text.replaceAll(/(?<=\p{Nd})\.(?=\p{Nd})|(?<=\b(?:Mr|Mrs|Ms|Dr|St|No))\.(?= )/gu, '');
}

function hasLetter(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

function languageShare(text: string, language: 'en' | 'zh'): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  const others =
    text.match(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Cyrillic}]/gu)?.length ?? 0;
  const all = han + latin + others;
  if (all === 0) return 0;
  return (language === 'zh' ? han : latin) / all;
}
