import { z } from 'zod';
import type { MemoryUse } from '../../contract/memory.ts';
import type { Forgotten } from '../memory/forgotten.ts';
import { shareOfTerms } from '../memory/share-of-terms.ts';
import { REDACTED, traceOf } from './redact-memory.ts';

/** Segments of a prompt in which a model called tools: its words, its thoughts, the calls and what they gave. */
const TOOL_SEGMENTS: ReadonlySet<string> = new Set(['tool-call', 'tool-result']);
/** Of what was forgotten, the share of words in an argument or result from which on it tells the same; 0 to 1. */
const SAME_WORDS = 0.6;
/** Names of the fields that say what a part is; they hold nothing that was said. */
const FRAME_FIELDS: ReadonlySet<string> = new Set(['type', 'toolCallId', 'toolName']);

const jsonSchema = z.json();
type Json = z.infer<typeof jsonSchema>;

export function isToolSegment(kind: string): boolean {
  return TOOL_SEGMENTS.has(kind);
}

/**
 * Takes what was forgotten out of a call of a tool or its result. A model words what it was told in its own way: a text
 * that tells most of it goes whole. `isPart`: the text is the JSON of a part, of which only values change.
 */
export function redactToolText(
  { text, isPart }: { text: string; isPart: boolean },
  { used, forgotten }: { used: readonly MemoryUse[]; forgotten: Forgotten },
): string {
  const told = used
    .flatMap((use) => traceOf(use, forgotten))
    .flatMap(({ words, pieces }) => [...words, ...pieces])
    .filter((words) => words.trim() !== '');
  if (told.length === 0) return text;
  if (!isPart) return withoutTold(text, told);
  const part = jsonSchema.safeParse(parsed(text));
  if (!part.success) return withoutTold(text, told);
  const left = mapTexts(part.data, (value) => withoutTold(value, told));
  return JSON.stringify(left) === JSON.stringify(part.data) ? text : JSON.stringify(left);
}

function withoutTold(text: string, told: readonly string[]): string {
  const left = told.reduce((rest, words) => rest.replaceAll(words, REDACTED), text);
  return told.some((words) => shareOfTerms(words, left) >= SAME_WORDS) ? REDACTED : left;
}

function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, one]): [string, Json] =>
    FRAME_FIELDS.has(key) ? [key, one] : [change(key), mapTexts(one, change)],
  );
  return Object.fromEntries(entries);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
