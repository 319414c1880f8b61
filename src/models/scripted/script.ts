import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { InvalidInputError } from '../../base/errors.ts';
import { embeddingScriptSchema } from './embedding-script.ts';
import { speechScriptSchema } from './speech-script.ts';

const delaySchema = z.number().nonnegative().max(600_000).default(0);

/** What the model does, one after the other. Times in milliseconds. */
const stepSchema = z.discriminatedUnion('type', [
  /** Emits each string as one delta, `delayInMs` before each. */
  z.strictObject({ type: z.literal('tokens'), tokens: z.array(z.string()), delayInMs: delaySchema }),
  z.strictObject({ type: z.literal('reasoning'), tokens: z.array(z.string()), delayInMs: delaySchema }),
  /** Reads the prompt: one prompt-progress part per slice of `slice` tokens, `delayInMs` before each. */
  z.strictObject({ type: z.literal('progress'), slice: z.int().positive().default(64), delayInMs: delaySchema }),
  z.strictObject({ type: z.literal('wait'), delayInMs: z.number().nonnegative() }),
  /** Fails; before the first part as a rejected call, later as an error part. */
  z.strictObject({
    type: z.literal('error'),
    code: z.string().default('unavailable'),
    message: z.string().default('The scripted model failed.'),
    retryable: z.boolean().default(true),
  }),
  /** Calls a tool by the name it is offered under; calls of one rule are made at once. */
  z.strictObject({
    type: z.literal('tool-call'),
    tool: z.string(),
    input: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
    /** By default made of the tool and its place among the calls of the model. */
    callId: z.string().optional(),
  }),
  /** Says nothing more until the caller stops it. */
  z.strictObject({ type: z.literal('hang') }),
  /** Says nothing more until this file is there: what a test looks at in between waits for it, however slow the machine. */
  z.strictObject({ type: z.literal('gate'), file: z.string() }),
  /** Ends the stream without a finish part: half an answer. */
  z.strictObject({ type: z.literal('cut') }),
]);
export type ScriptStep = z.infer<typeof stepSchema>;

const ruleSchema = z.strictObject({
  /** Looks at the text of the last user message; absent matches every call that no tool's result ends. */
  when: z
    .union([
      z.strictObject({ contains: z.string() }),
      z.strictObject({ equals: z.string() }),
      /** Looks at what tools answered, where that is the newest. */
      z.strictObject({ toolResult: z.string() }),
      z.strictObject({ matches: z.string().refine(isPattern, { message: 'This is not a regular expression.' }) }),
    ])
    .optional(),
  /** After so many calls the rule is spent and the next one is looked at. */
  times: z.int().positive().optional(),
  steps: z.array(stepSchema),
  finishReason: z.enum(['stop', 'length', 'content-filter', 'error', 'other']).default('stop'),
});
export type ScriptRule = z.infer<typeof ruleSchema>;

export const scriptSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('test'),
  label: z.string().default('Scripted model'),
  contextLength: z.int().positive().default(8192),
  fallback: z.boolean().default(false),
  continuesAssistant: z.boolean().default(true),
  /** Whether it can call tools. */
  tools: z.boolean().default(true),
  seesPictures: z.boolean().default(false),
  /** Whether it tells how probable its tokens were: each was certain. */
  logprobs: z.boolean().default(false),
  /** The first rule that matches and is not spent answers. */
  rules: z.array(ruleSchema).default([]),
  /** What background work of memory is answered with; where no rule matches, it finds no model. */
  memoryRules: z.array(ruleSchema).default([]),
  /** What a room's director answers; where no rule matches, there is none. */
  directionRules: z.array(ruleSchema).default([]),
  /** What a conversation is called; where no rule matches, it finds no model. */
  titleRules: z.array(ruleSchema).default([]),
  /** What a call does that no rule matches: repeat the last user message, or be an error of the test. */
  otherwise: z.enum(['throw', 'echo']).default('throw'),
  /** Before each token of an echo, milliseconds. */
  echoDelayInMs: delaySchema,
  /** A file that gets every call's prompt as one line of JSON, for a test that looks from another process. */
  recordTo: z.string().optional(),
  /** How its voice speaks and its ears hear. */
  speech: speechScriptSchema.prefault({}),
  /** Models that embed texts, the first of them in use until another is chosen; by default there is none. */
  embeddings: z.array(embeddingScriptSchema).default([]),
});
export type Script = z.infer<typeof scriptSchema>;
export type ScriptInput = z.input<typeof scriptSchema>;

export function parseScript(value: unknown): Script {
  const parsed = scriptSchema.safeParse(value);
  if (!parsed.success) {
    throw new InvalidInputError(`The model script is not right: ${z.prettifyError(parsed.error)}`, {
      code: 'script-invalid',
      cause: parsed.error,
    });
  }
  return parsed.data;
}

/** Reads a script for a server that a test starts. */
export async function loadScript(path: string): Promise<Script> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new InvalidInputError(`The model script ${path} cannot be read.`, {
      code: 'script-unreadable',
      cause: error,
    });
  }
  return parseScript(value);
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'u').source !== '';
  } catch {
    return false;
  }
}
