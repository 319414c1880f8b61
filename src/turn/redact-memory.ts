import type { MemoryUse } from '../../contract/memory.ts';
import { clip, oneLine } from '../memory/excerpt.ts';
import { howForgotten, type Forgotten } from '../memory/forgotten.ts';
import { NEIGHBOUR_LENGTH } from './memory-lines.ts';

/** Stands where words were forgotten, in any language. */
export const REDACTED = '▒▒▒';

/** A use of something forgotten, and what its words may look like in the prompt. */
export interface Trace {
  /** Taken out wherever they stand. */
  words: readonly string[];
  /** A line that has one of them goes whole: it is a piece of what stood there. */
  pieces: readonly string[];
}

/** Memories stand below the heading, each beginning with a dash. */
const LINE_START = /\n(?=- )/;

/** Segments of a prompt in which a kind of memory stands. */
const SEGMENT_OF = {
  passage: 'memory',
  diary: 'memory',
  fact: 'memory-facts',
  date: 'memory-dates',
  summary: 'memory-summary',
} as const satisfies Record<MemoryUse['kind'], string>;

/** The memories of a receipt without what was forgotten; undefined where nothing of it was. */
export function redactUses(used: readonly MemoryUse[], forgotten: Forgotten): MemoryUse[] | undefined {
  const hows = used.map((use) => howForgotten(use, forgotten));
  if (hows.every((how) => how === 'none')) return undefined;
  return used.map((use, index) =>
    hows[index] === 'whole' ? { ...use, text: '', words: [], forgotten: true as const } : use,
  );
}

/**
 * Takes what was forgotten out of a segment's text. What is known to stand there and cannot be found word for word takes
 * the whole segment with it, but for its heading.
 */
export function redactSegment(
  { kind, text }: { kind: string; text: string },
  { used, forgotten }: { used: readonly MemoryUse[]; forgotten: Forgotten },
): string {
  const own = used.filter((use) => SEGMENT_OF[use.kind] === kind);
  const traces = own.flatMap((use) => traceOf(use, forgotten));
  if (traces.length === 0) return text;
  const heading = text.slice(0, text.indexOf('\n') + 1);
  const body = text.slice(heading.length);
  const lines = body.split(LINE_START);
  const isFound = ({ words, pieces }: Trace): boolean => [...words, ...pieces].some((one) => body.includes(one));
  // One line for each memory, or it is not known where one ends.
  if (kind === 'memory-summary' || lines.length !== own.length || !traces.every(isFound)) {
    return `${heading}- ${REDACTED}`;
  }
  return heading + lines.map((line) => traces.reduce(takeOut, line)).join('\n');
}

function takeOut(line: string, { words, pieces }: Trace): string {
  if (pieces.some((piece) => line.includes(piece))) return `- ${REDACTED}`;
  return words.reduce((left, one) => left.replaceAll(one, REDACTED), line);
}

/** What tells of a use that was forgotten; nothing where it was not. */
export function traceOf(use: MemoryUse, forgotten: Forgotten): Trace[] {
  const how = use.forgotten ? 'none' : howForgotten(use, forgotten);
  if (how === 'none') return [];
  if (how === 'whole') {
    return [{ words: spoken(forgotten.items.get(use.id) ?? []), pieces: spoken([withoutEllipses(use.text)]) }];
  }
  const said = use.sources.flatMap(({ messageId }) => forgotten.messages.get(messageId) ?? []);
  return [{ words: spoken(said.map((text) => withoutEllipses(clip(oneLine(text), NEIGHBOUR_LENGTH)))), pieces: [] }];
}

function spoken(texts: readonly string[]): string[] {
  return texts.filter((text) => text.trim() !== '');
}

function withoutEllipses(text: string): string {
  return text.replace(/^…/, '').replace(/…$/, '').trim();
}
