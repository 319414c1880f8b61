import type { PromptRecord, SentRole } from '../../../contract/prompts.ts';
import type { PromptPlace } from './reuse-end.ts';

/** What one row of the long list shows. */
export type PromptRow =
  | { type: 'message'; key: string; index: number; role: SentRole }
  | {
      type: 'text';
      key: string;
      segment: number;
      text: string;
      /** True at the first row of a piece. */ first: boolean;
    }
  | { type: 'reuse-end'; key: string };

/** Characters of a row at most: short enough to lay out at once, long enough for a paragraph. */
const ROW_LENGTH = 1200;

/** The prompt in rows that joined give its exact text; `shown` leaves only some segments, empty leaves all. */
export function promptRows(
  { messages }: Pick<PromptRecord, 'messages'>,
  { shown, reuse }: { shown: ReadonlySet<number>; reuse: PromptPlace | null },
): PromptRow[] {
  const rows: PromptRow[] = [];
  for (const [index, { role, pieces }] of messages.entries()) {
    const kept = pieces
      .map((piece, place) => ({ ...piece, place }))
      .filter(({ segment }) => shown.size === 0 || shown.has(segment));
    if (kept.length === 0 && shown.size > 0) continue;
    rows.push({ type: 'message', key: `m${index}`, index, role });
    for (const { segment, text, place } of kept) {
      const mark = reuse !== null && reuse.message === index && reuse.piece === place ? reuse.offset : null;
      rows.push(...pieceRows({ id: `m${index}p${place}`, segment, text, mark }));
    }
  }
  if (reuse !== null && shown.size === 0 && reuse.message === messages.length) {
    rows.push({ type: 'reuse-end', key: 'reuse-end' });
  }
  return rows;
}

function pieceRows({
  id,
  segment,
  text,
  mark,
}: {
  id: string;
  segment: number;
  text: string;
  mark: number | null;
}): PromptRow[] {
  const cut = mark === null ? null : wordStart(text, mark);
  const parts = cut === null ? [text] : [text.slice(0, cut), text.slice(cut)];
  const rows: PromptRow[] = [];
  for (const [part, words] of parts.entries()) {
    if (part === 1) rows.push({ type: 'reuse-end', key: 'reuse-end' });
    for (const [index, chunk] of chunksOf(words).entries()) {
      rows.push({ type: 'text', key: `${id}.${part}.${index}`, segment, text: chunk, first: part + index === 0 });
    }
  }
  return rows;
}

/** At most `ROW_LENGTH` characters each, cut after a line where there is one, else after a space, never in a pair. */
export function chunksOf(text: string): string[] {
  const chunks: string[] = [];
  let start = 0;
  while (start < text.length) {
    let end = Math.min(text.length, start + ROW_LENGTH);
    if (end < text.length) {
      const window = text.slice(start, end);
      const line = window.lastIndexOf('\n');
      const space = window.lastIndexOf(' ');
      if (line > 0) end = start + line + 1;
      else if (space > 0) end = start + space + 1;
      else if (isPairAt(text, end)) end -= 1;
    }
    chunks.push(text.slice(start, end));
    start = end;
  }
  return chunks;
}

function wordStart(text: string, offset: number): number {
  const space = text.slice(0, offset).search(/\s\S*$/);
  return space < 0 || offset - space > 60 ? offset - (isPairAt(text, offset) ? 1 : 0) : space + 1;
}

/** True when the place is between the halves of a surrogate pair. */
function isPairAt(text: string, offset: number): boolean {
  return (text.codePointAt(offset - 1) ?? 0) > 0xffff;
}

/** The whole prompt as plain text, each message under its role. */
export function promptText({ messages }: Pick<PromptRecord, 'messages'>): string {
  return messages.map(({ role, pieces }) => `[${role}]\n${pieces.map(({ text }) => text).join('')}`).join('\n\n');
}

/** Where a text stands in the rows, ignoring case: the row and the place in it. Not across rows. */
export function findInRows(
  rows: readonly PromptRow[],
  query: string,
): { row: number; start: number; length: number }[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  const found: { row: number; start: number; length: number }[] = [];
  for (const [row, content] of rows.entries()) {
    if (content.type !== 'text') continue;
    const text = content.text.toLowerCase();
    // A few letters change their length with their case: then the places would not fit.
    if (text.length !== content.text.length) continue;
    for (let start = text.indexOf(wanted); start >= 0; start = text.indexOf(wanted, start + wanted.length)) {
      found.push({ row, start, length: wanted.length });
      if (found.length >= MAX_FOUND) return found;
    }
  }
  return found;
}

/** More places than anybody steps through. */
const MAX_FOUND = 10_000;
