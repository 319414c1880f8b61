import { z } from 'zod';
import { containsPhrase, foldText } from '../fold-text.ts';
import { countOf } from './measure-checks.ts';
import { linesOf } from './text-checks.ts';

const bounds = z.strictObject({ min: z.int().nonnegative().optional(), max: z.int().nonnegative().optional() });

/**
 * A script of lines `Name: words` and nothing else. `turns` of all, and `of` each speaker; `alternate`: nobody speaks
 * twice in a row; `says` and `neverSays` are who knows what; `length` in words, for Chinese in characters, of each turn.
 */
export const scriptCheckSchema = z.strictObject({
  check: z.literal('script-turns'),
  speakers: z.array(z.string().min(1)).min(1),
  turns: bounds.optional(),
  of: z.record(z.string(), bounds).optional(),
  alternate: z.boolean().optional(),
  order: z.array(z.string()).optional(),
  first: z.string().optional(),
  last: z.string().optional(),
  says: z.record(z.string(), z.array(z.string())).optional(),
  neverSays: z.record(z.string(), z.array(z.string())).optional(),
  length: bounds.optional(),
});
export type ScriptCheck = z.infer<typeof scriptCheckSchema>;

interface Turn {
  speaker: string;
  words: string;
}

export function missesOfScript(text: string, check: ScriptCheck): string[] {
  const turns: Turn[] = [];
  const misses: string[] = [];
  for (const line of linesOf(text)) {
    const turn = readTurn(line, check.speakers);
    if (turn) turns.push(turn);
    else misses.push(`the line “${line.slice(0, 60)}” is no turn of theirs`);
  }
  return [
    ...misses.slice(0, 3),
    ...missesOfCounts(turns, check),
    ...missesOfPlaces(turns, check),
    ...missesOfWords(turns, check),
  ];
}

/** Bold names and full-width colons are a matter of taste. */
function readTurn(line: string, speakers: readonly string[]): Turn | null {
  const match = /^[*_]{0,2}([^:：*_]{1,40}?)[*_]{0,2}\s*[:：]\s*[*_]{0,2}\s*(.+)$/u.exec(line);
  const [, name = '', words = ''] = match ?? [];
  const speaker = speakers.find((one) => foldText(one) === foldText(name));
  return speaker === undefined ? null : { speaker, words };
}

function missesOfCounts(turns: readonly Turn[], { speakers, turns: all, of = {}, length }: ScriptCheck): string[] {
  const misses = isWithin(turns.length, all) ? [] : [`has ${turns.length} turns`];
  for (const speaker of speakers) {
    const count = turns.filter((turn) => turn.speaker === speaker).length;
    if (!isWithin(count, of[speaker] ?? { min: 1 })) misses.push(`${speaker} has ${count} turns`);
  }
  const long = turns.find(({ words }) => !isWithin(lengthOf(words), length));
  return long ? [...misses, `the turn “${long.words.slice(0, 40)}” has the length ${lengthOf(long.words)}`] : misses;
}

function missesOfPlaces(turns: readonly Turn[], { alternate, order, first, last }: ScriptCheck): string[] {
  const names = turns.map(({ speaker }) => speaker);
  const misses: string[] = [];
  if (alternate && names.some((name, index) => name === names[index - 1]))
    misses.push('somebody speaks twice in a row');
  if (order && names.join('\n') !== order.join('\n')) misses.push(`the turns are ${names.join(', ')}`);
  if (first !== undefined && names[0] !== first) misses.push(`${first} does not begin`);
  if (last !== undefined && names.at(-1) !== last) misses.push(`${last} does not end it`);
  return misses;
}

function missesOfWords(turns: readonly Turn[], { says = {}, neverSays = {} }: ScriptCheck): string[] {
  const wordsOf = (speaker: string) =>
    foldText(
      turns
        .filter((turn) => turn.speaker === speaker)
        .map(({ words }) => words)
        .join(' '),
    );
  const has = (speaker: string, phrase: string) => containsPhrase(wordsOf(speaker), foldText(phrase));
  return [
    ...pairsOf(says)
      .filter(([speaker, phrase]) => !has(speaker, phrase))
      .map(([speaker, phrase]) => `${speaker} does not say “${phrase}”`),
    ...pairsOf(neverSays)
      .filter(([speaker, phrase]) => has(speaker, phrase))
      .map(([speaker, phrase]) => `${speaker} says “${phrase}”`),
  ];
}

function pairsOf(record: Readonly<Record<string, readonly string[]>>): [string, string][] {
  return Object.entries(record).flatMap(([name, phrases]) => phrases.map((phrase): [string, string] => [name, phrase]));
}

function lengthOf(words: string): number {
  const han = countOf(words, 'han');
  return han > 0 ? han : countOf(words, 'words');
}

function isWithin(count: number, { min = 0, max = Infinity }: z.infer<typeof bounds> = {}): boolean {
  return count >= min && count <= max;
}
