import type { JSONSchema7 } from '@ai-sdk/provider';
import { z } from 'zod';

/** A sentence as a model wrote it, and the numbers of the lines it names. */
export interface CitedSentence {
  text: string;
  lines: number[];
}

/** Numbers first: a small model that has said where it looks writes what stands there. */
export function citedSchema(most: number): JSONSchema7 {
  return {
    type: 'object',
    properties: {
      sentences: {
        type: 'array',
        minItems: 1,
        maxItems: most,
        items: {
          type: 'object',
          properties: {
            lines: { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 3 },
            text: { type: 'string' },
          },
          required: ['lines', 'text'],
          additionalProperties: false,
        },
      },
    },
    required: ['sentences'],
    additionalProperties: false,
  };
}

const sentenceSchema = z.object({ text: z.string(), lines: z.array(z.number()).max(50) });
/** One sentence's object, whole; what a cut answer ends with is none. */
const OBJECTS = /\{[^{}]*\}/gu;

/** The sentences of an answer, also of one that was cut off or stands among other words. */
export function parseCited(answer: string): CitedSentence[] {
  return [...answer.slice(0, 20_000).matchAll(OBJECTS)].flatMap(([object]) => {
    const parsed = sentenceSchema.safeParse(parseJson(object));
    if (!parsed.success) return [];
    const lines = [...new Set(parsed.data.lines)].filter((line) => Number.isInteger(line));
    return [{ text: parsed.data.text.replace(/\s+/g, ' ').trim(), lines }];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
