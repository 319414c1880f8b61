import { z } from 'zod';
import { containsPhrase, foldText, phraseIndex, straightQuotes } from '../fold-text.ts';

/** Every one of these; a list is a choice of which one is enough. */
const containsAllSchema = z.strictObject({
  check: z.literal('contains-all'),
  values: z.array(z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])).min(1),
});

/** None of these. */
const containsNoneSchema = z.strictObject({
  check: z.literal('contains-none'),
  values: z.array(z.string().min(1)).min(1),
});

/** The whole answer is one of these, but for case, spaces and closing punctuation. */
const equalsSchema = z.strictObject({ check: z.literal('equals'), values: z.array(z.string().min(1)).min(1) });

/** A pattern of the `u` flag, with straight quotes, found between `min` and `max` times (once at least, unless said). */
const regexSchema = z.strictObject({
  check: z.literal('regex'),
  pattern: z.string().min(1),
  flags: z
    .string()
    .regex(/^[ims]*$/)
    .optional(),
  min: z.int().nonnegative().optional(),
  max: z.int().nonnegative().optional(),
});

/** These appear, each after the one before. */
const orderOfSchema = z.strictObject({ check: z.literal('order-of'), values: z.array(z.string().min(1)).min(2) });

/** Every line that is not empty matches the whole pattern. */
const eachLineSchema = z.strictObject({
  check: z.literal('each-line'),
  pattern: z.string().min(1),
  flags: z
    .string()
    .regex(/^[i]*$/)
    .optional(),
});

/** The first characters of the lines, read downwards. */
const lineInitialsSchema = z.strictObject({ check: z.literal('line-initials'), text: z.string().min(2) });

/** The lines are in the order of the alphabet. */
const sortedLinesSchema = z.strictObject({ check: z.literal('sorted-lines') });

export const textCheckSchemas = [
  containsAllSchema,
  containsNoneSchema,
  equalsSchema,
  regexSchema,
  orderOfSchema,
  eachLineSchema,
  lineInitialsSchema,
  sortedLinesSchema,
] as const;
export type TextCheck = z.infer<(typeof textCheckSchemas)[number]>;

/** What an answer's words miss, one sentence each. */
export function missesOfText(text: string, check: TextCheck): string[] {
  switch (check.check) {
    case 'contains-all':
      return check.values.filter((value) => !hasOne(text, value)).map((value) => `does not say ${said(value)}`);
    case 'contains-none':
      return check.values.filter((value) => hasOne(text, value)).map((value) => `says ${said(value)}`);
    case 'equals':
      return check.values.some((value) => bare(value) === bare(text)) ? [] : [`is not ${said(check.values)}`];
    case 'regex':
      return missesOfPattern(text, check);
    case 'order-of':
      return missesOfOrder(text, check.values);
    case 'each-line': {
      const pattern = new RegExp(`^(?:${check.pattern})$`, `u${check.flags ?? ''}`);
      const lines = linesOf(text);
      if (lines.length === 0) return ['has no lines'];
      return lines.filter((line) => !pattern.test(line)).map((line) => `has the line “${line.slice(0, 80)}”`);
    }
    case 'line-initials': {
      const initials = linesOf(text).map((line) => Array.from(line)[0] ?? '');
      return foldText(initials.join('')) === foldText(check.text) ? [] : [`its lines begin with ${initials.join('')}`];
    }
    default: {
      const lines = linesOf(text).map(foldText);
      const late = lines.find((line, index) => line < (lines[index - 1] ?? ''));
      return late === undefined && lines.length > 0 ? [] : [`“${late ?? ''}” comes too late`];
    }
  }
}

/** Lines that are not empty, without the spaces around them. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function hasOne(text: string, value: string | readonly string[]): boolean {
  const folded = foldText(text);
  return (typeof value === 'string' ? [value] : value).some((one) => containsPhrase(folded, foldText(one)));
}

function said(value: string | readonly string[]): string {
  return (typeof value === 'string' ? [value] : value).map((one) => `“${one}”`).join(' or ');
}

function bare(text: string): string {
  return foldText(text)
    .replaceAll(/^["'`*]+|["'`*.!。]+$/gu, '')
    .trim();
}

function missesOfPattern(text: string, { pattern, flags = '', min, max }: Extract<TextCheck, { check: 'regex' }>) {
  const found = [...straightQuotes(text.trim()).matchAll(new RegExp(pattern, `gu${flags}`))].length;
  const least = min ?? (max === 0 ? 0 : 1);
  if (found < least) return [`matches /${pattern}/ ${found} times, not ${least}`];
  return max !== undefined && found > max ? [`matches /${pattern}/ ${found} times, more than ${max}`] : [];
}

function missesOfOrder(text: string, values: readonly string[]): string[] {
  const folded = foldText(text);
  let from = 0;
  for (const value of values) {
    const phrase = foldText(value);
    const index = phraseIndex(folded, phrase, from);
    if (index === -1) return [`does not say “${value}” where its turn is`];
    from = index + phrase.length;
  }
  return [];
}
