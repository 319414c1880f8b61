import { diffArrays } from 'diff';
import type { PromptRecord } from '../../../contract/prompts.ts';
import { chunksOf } from './prompt-rows.ts';

/** A line of a prompt with who put it there. */
export interface PromptLine {
  kind: string;
  owner: string;
  role: string;
  text: string;
}

/**
 * A row of the comparison: the same on both sides, or what one side has where the other has something else or
 * nothing.
 */
export type ComparedRow =
  | { type: 'same'; line: PromptLine }
  | { type: 'changed'; left: PromptLine | null; right: PromptLine | null };

export interface ComparedSegment {
  kind: string;
  owner: string;
  left: number;
  right: number;
}

/** Milliseconds after which two prompts count as wholly different: a page must not stand still. */
const PATIENCE_MS = 1500;

export function comparePrompts(left: PromptRecord, right: PromptRecord): ComparedRow[] {
  const [old, fresh] = [linesOf(left), linesOf(right)];
  const changes = diffArrays(old, fresh, { comparator: isSame, timeout: PATIENCE_MS }) ?? [
    { value: old, removed: true, added: false },
    { value: fresh, removed: false, added: true },
  ];
  const rows: ComparedRow[] = [];
  let removed: PromptLine[] = [];
  const flush = (added: readonly PromptLine[]) => {
    rows.push(...pairLines(removed, added));
    removed = [];
  };
  for (const change of changes) {
    if (change.removed) removed = [...removed, ...change.value];
    else if (change.added) flush(change.value);
    else {
      flush([]);
      rows.push(...change.value.map((line): ComparedRow => ({ type: 'same', line })));
    }
  }
  flush([]);
  return rows;
}

/** Puts lines of the same part beside each other, in order; the others stand alone. */
function pairLines(removed: readonly PromptLine[], added: readonly PromptLine[]): ComparedRow[] {
  const rows: ComparedRow[] = [];
  let next = 0;
  for (const left of removed) {
    const match = added.findIndex((right, index) => index >= next && isOfSamePart(left, right));
    if (match < 0) {
      rows.push({ type: 'changed', left, right: null });
      continue;
    }
    rows.push(...added.slice(next, match).map((right): ComparedRow => ({ type: 'changed', left: null, right })));
    rows.push({ type: 'changed', left, right: added[match] ?? null });
    next = match + 1;
  }
  rows.push(...added.slice(next).map((right): ComparedRow => ({ type: 'changed', left: null, right })));
  return rows;
}

function isOfSamePart(a: PromptLine, b: PromptLine): boolean {
  return a.role === b.role && a.kind === b.kind && a.owner === b.owner;
}

function isSame(a: PromptLine, b: PromptLine): boolean {
  return a.text === b.text && isOfSamePart(a, b);
}

function linesOf({ messages, segments }: PromptRecord): PromptLine[] {
  return messages.flatMap(({ role, pieces }) =>
    pieces.flatMap(({ segment, text }) => {
      const { kind, owner } = segments[segment] ?? { kind: 'other', owner: '' };
      return text
        .split('\n')
        .flatMap((line) => (line === '' ? [''] : chunksOf(line)))
        .map((line) => ({ kind, owner, role, text: line }));
    }),
  );
}

/** Tokens of each part on both sides, in the order of the left one, then what only the right one has. */
export function compareSegments(left: PromptRecord, right: PromptRecord): ComparedSegment[] {
  const found = new Map<string, ComparedSegment>();
  for (const [side, { segments }] of [['left', left] as const, ['right', right] as const]) {
    for (const { kind, owner, tokens } of segments) {
      const key = JSON.stringify([kind, owner]);
      const row = found.get(key) ?? { kind, owner, left: 0, right: 0 };
      row[side] += tokens;
      found.set(key, row);
    }
  }
  return [...found.values()];
}

/** Equal lines around a difference that stay in view. */
const CONTEXT = 2;

export type FoldedRow = ComparedRow | { type: 'fold'; from: number; to: number };

/** Folds long runs of equal lines; those in `open`, by their first row, stay unfolded. */
export function foldRows(rows: readonly ComparedRow[], open: ReadonlySet<number>): FoldedRow[] {
  const folded: FoldedRow[] = [];
  let index = 0;
  while (index < rows.length) {
    let end = index;
    while (rows[end]?.type === 'same') end += 1;
    const from = index === 0 ? 0 : index + CONTEXT;
    const to = end === rows.length ? end : end - CONTEXT;
    if (to - from > 1 && !open.has(from)) {
      folded.push(...rows.slice(index, from), { type: 'fold', from, to }, ...rows.slice(to, end));
    } else {
      folded.push(...rows.slice(index, end));
    }
    const row = rows[end];
    if (row) folded.push(row);
    index = end + 1;
  }
  return folded;
}

/** The rows where a run of differences begins. */
export function differenceStarts(rows: readonly FoldedRow[]): number[] {
  return rows.flatMap((row, index) => (row.type === 'changed' && rows[index - 1]?.type !== 'changed' ? [index] : []));
}
