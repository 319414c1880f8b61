import { z } from 'zod';
import type { Answer } from './answer.ts';
import { audioCheckSchema, missesOfAudio } from './checkers/audio-check.ts';
import { jsonCheckSchemas, missesOfJson } from './checkers/json-checks.ts';
import { mannerCheckSchemas, missesOfManner } from './checkers/manner-checks.ts';
import { measureCheckSchemas, missesOfMeasure } from './checkers/measure-checks.ts';
import { missesOfPlan, planCheckSchema } from './checkers/plan-check.ts';
import { missesOfScript, scriptCheckSchema } from './checkers/script-check.ts';
import { missesOfText, textCheckSchemas } from './checkers/text-checks.ts';
import { missesOfToolCalls, toolCallsCheckSchema } from './checkers/tool-calls-check.ts';
import { readJsonAnswer, valueAt } from './read-json-answer.ts';

/** The words themselves. */
const wordsSchema = z.discriminatedUnion('check', [...textCheckSchemas, ...measureCheckSchemas, ...mannerCheckSchemas]);
type WordsCheck = z.infer<typeof wordsSchema>;

/** Words that stand in the answer's JSON: checks of the text at a path, of each text of a list. */
const insideSchema = z.strictObject({
  check: z.literal('inside'),
  at: z.string().min(1),
  fenced: z.boolean().optional(),
  checks: z.array(wordsSchema).min(1),
});

/** One of the checks is enough. */
const anySchema = z.strictObject({
  check: z.literal('any'),
  of: z.array(z.array(wordsSchema).min(1)).min(2),
});

/** The reason with which the answer ended. */
const finishSchema = z.strictObject({ check: z.literal('finish'), reason: z.string().min(1) });

export const checkSchema = z.discriminatedUnion('check', [
  ...textCheckSchemas,
  ...measureCheckSchemas,
  ...mannerCheckSchemas,
  ...jsonCheckSchemas,
  insideSchema,
  anySchema,
  finishSchema,
  toolCallsCheckSchema,
  scriptCheckSchema,
  planCheckSchema,
  audioCheckSchema,
]);
export type Check = z.infer<typeof checkSchema>;

/** Everything an answer misses; empty when it passes every check. */
export function checkAnswer(answer: Answer, checks: readonly Check[]): string[] {
  return checks.flatMap((check) => missesOf(answer, check));
}

function missesOf(answer: Answer, check: Check): string[] {
  switch (check.check) {
    case 'json-schema':
    case 'json-values':
      return missesOfJson(answer.text, check);
    case 'inside':
      return missesInside(answer.text, check);
    case 'any': {
      const ways = check.of.map((checks) => checks.flatMap((one) => missesOfWords(answer.text, one)));
      return ways.some((misses) => misses.length === 0) ? [] : (ways[0] ?? []);
    }
    case 'finish':
      return answer.finishReason === check.reason ? [] : [`ended with ${answer.finishReason}, not ${check.reason}`];
    case 'tool-calls':
      return missesOfToolCalls(answer.toolCalls, check);
    case 'script-turns':
      return missesOfScript(answer.text, check);
    case 'plan-valid':
      return missesOfPlan(answer.text, check);
    case 'audio':
      return missesOfAudio(answer.audio, check);
    default:
      return missesOfWords(answer.text, check);
  }
}

function missesOfWords(text: string, check: WordsCheck): string[] {
  switch (check.check) {
    case 'count':
    case 'language-share':
    case 'max-length':
      return missesOfMeasure(text, check);
    case 'no-refusal':
    case 'admits-unknown':
    case 'speakable':
    case 'spoken-seconds':
      return missesOfManner(text, check);
    default:
      return missesOfText(text, check);
  }
}

function missesInside(text: string, { at, fenced = false, checks }: z.infer<typeof insideSchema>): string[] {
  const value = valueAt(readJsonAnswer(text, { fenced }), at);
  const texts = Array.isArray(value) ? value : [value];
  if (texts.length === 0 || !texts.every((one) => typeof one === 'string')) return [`${at} is no text`];
  return texts.flatMap((one) => checks.flatMap((check) => missesOfWords(one, check).map((miss) => `${at}: ${miss}`)));
}
