import type { Passage } from '../../../contract/attachments.ts';
import type { FileSection } from './file-text.ts';

/** Tokens of a passage, about: enough to answer from, few enough to send several. */
const TARGET_TOKENS = 250;
/** What is shorter joins the passage before it. */
const LEAST_TOKENS = 60;

/** A Han character is most of a token, four letters are one. */
export function roughTokens(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return Math.ceil(han * 0.75 + (text.length - han) / 4);
}

/** Cuts sections into passages at paragraphs, then lines, then sentences. Joined, those of a section are its text. */
export function cutPassages(sections: readonly FileSection[]): Passage[] {
  const passages: Passage[] = [];
  for (const { placeKind, place, text } of sections) {
    let line = 1;
    for (const piece of cutText(text)) {
      const lines = piece.match(/\n/g)?.length ?? 0;
      const last = line + (piece.endsWith('\n') ? Math.max(0, lines - 1) : lines);
      const where = placeKind === 'lines' ? `${line}–${last}` : place;
      passages.push({ position: passages.length, placeKind, place: where, text: piece });
      line += lines;
    }
    const end = passages.at(-1);
    // The reader and whoever joins them see sections apart.
    if (end && !end.text.endsWith('\n')) end.text += '\n\n';
  }
  return passages;
}

function cutText(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const part of partsOf(text)) {
    if (piece !== '' && roughTokens(piece) + roughTokens(part) > TARGET_TOKENS) {
      pieces.push(piece);
      piece = '';
    }
    piece += part;
  }
  if (piece === '') return pieces;
  if (pieces.length > 0 && roughTokens(piece) < LEAST_TOKENS) pieces[pieces.length - 1] += piece;
  else pieces.push(piece);
  return pieces;
}

/** Ways to take a text apart, the coarser first; what follows a break stays with what stood before it. */
const BREAKS = [/(?<=\n\s*\n)/u, /(?<=\n)/u, /(?<=[.!?…][”’"')\]]*\s)|(?<=[。！？；…][”’」』）]*)/u, /(?<=[\s，、,])/u];

/** Parts that fit a passage each. */
function partsOf(text: string, depth = 0): string[] {
  if (roughTokens(text) <= TARGET_TOKENS) return [text];
  const pattern = BREAKS[depth];
  if (!pattern) return hardParts(text);
  const parts = text.split(pattern);
  return parts.flatMap((part) => partsOf(part, depth + 1));
}

/** A run without a break, such as a long key: cut between characters. */
function hardParts(text: string): string[] {
  const characters = Array.from(text);
  const size = TARGET_TOKENS;
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, index) =>
    characters.slice(index * size, (index + 1) * size).join(''),
  );
}
