import type { Chunk } from './prompt-chunks.ts';

/** A chunk spliced into the history. */
export interface PlacedChunk {
  chunk: Chunk;
  /** Messages from the end, or from the start. */
  depth: number;
  from: 'end' | 'start';
}

export interface PromptParts {
  /** Everything before the history, in the preset's order. */
  before: readonly Chunk[];
  /** Divides what is known from what is said. */
  opening: Chunk;
  /** The conversation, oldest first. */
  history: readonly Chunk[];
  /** In the order they stand at one depth. */
  injections: readonly PlacedChunk[];
  after: readonly Chunk[];
  /** Set around what changes, where a model takes no system text among the messages. */
  frame: { begin: Chunk; end: Chunk } | null;
}

/** Every part exactly where the preset, the books and the card ask for it. */
export function arrangeClassic({ before, opening, history, injections, after }: PromptParts): Chunk[] {
  const count = history.length;
  const at = ({ depth, from }: PlacedChunk) =>
    from === 'start' ? Math.min(Math.max(0, depth), count) : Math.max(0, count - Math.max(0, depth));
  const chunks: Chunk[] = [...before, opening];
  for (let index = 0; index <= count; index += 1) {
    for (const placed of injections) if (at(placed) === index) chunks.push(placed.chunk);
    const said = history[index];
    if (said) chunks.push(said);
  }
  return [...chunks, ...after];
}

/**
 * What never changes first, then the conversation; what changes from turn to turn stands before the newest message of
 * the human, so that the engine reads only that much again. Depth 0 keeps its place after it.
 */
export function arrangeStable({ before, opening, history, injections, after, frame }: PromptParts): Chunk[] {
  const newest = history.at(-1);
  const isHumanLast = newest?.role === 'user';
  const earlier = isHumanLast ? history.slice(0, -1) : history;
  const deep = injections.filter(({ depth, from }) => from === 'start' || depth > 0);
  const low = injections.filter(({ depth, from }) => from === 'end' && depth <= 0);
  const tail = [...before.filter(({ stable }) => !stable), ...deep.toSorted(byDistance).map(({ chunk }) => chunk)];
  const spoken = tail.filter(({ role }) => role === 'assistant');
  const told = tail.filter(({ role }) => role !== 'assistant');
  return [
    ...before.filter(({ stable }) => stable),
    opening,
    ...earlier,
    ...spoken,
    ...(told.length > 0 && frame ? [frame.begin] : []),
    ...told,
    ...(told.length > 0 && frame && isHumanLast ? [frame.end] : []),
    ...(isHumanLast ? [newest] : []),
    ...low.map(({ chunk }) => chunk),
    ...after,
  ];
}

/** Farthest from the end first, as they would stand in the history. */
function byDistance(a: PlacedChunk, b: PlacedChunk): number {
  if (a.from !== b.from) return a.from === 'start' ? -1 : 1;
  return a.from === 'start' ? a.depth - b.depth : b.depth - a.depth;
}
