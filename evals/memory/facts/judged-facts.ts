import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InvalidInputError } from '../../../src/base/errors.ts';

const judgementSchema = z.strictObject({
  /** The turn that the fact was taken from. */
  source: z.string().min(1),
  /** The fact as the machine worded it. */
  text: z.string().min(1),
  verdict: z.enum(['right', 'wrong']),
  why: z.string().min(1),
});

/** What a person who read the source said of a fact that the list does not know. */
export type Judgement = z.output<typeof judgementSchema>;

/** `evals/memory/judged`: one file for each conversation. */
export const judgedFolder = join(import.meta.dirname, '..', 'judged');

/** The judgements of a conversation by source and text; none where nobody has judged. Throws on a malformed line. */
export async function readJudgements(id: string): Promise<ReadonlyMap<string, Judgement>> {
  const file = join(judgedFolder, `${id}.jsonl`);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw error;
  }
  const judgements = new Map<string, Judgement>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = judgementSchema.safeParse(parseLine(line));
    if (!parsed.success)
      throw new InvalidInputError(`judged/${id}.jsonl, line ${index + 1}: ${z.prettifyError(parsed.error)}`);
    judgements.set(judgementKey(parsed.data), parsed.data);
  }
  return judgements;
}

/** Runs of white space count as one space. */
export function judgementKey({ source, text }: Pick<Judgement, 'source' | 'text'>): string {
  return `${source} ${text.replaceAll(/\s+/gu, ' ').trim()}`;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
