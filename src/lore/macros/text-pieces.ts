import { TRIM } from './macro-definition.ts';

export type Piece = string | typeof TRIM;

/** Puts pieces together; a trim takes the newlines on both of its sides away. */
export function joinPieces(pieces: readonly Piece[]): string {
  const joined: string[] = [];
  let eating = false;
  for (const piece of pieces) {
    if (piece === TRIM) {
      stripEnd(joined);
      eating = true;
      continue;
    }
    const text = eating ? piece.slice(newlinesAtStart(piece)) : piece;
    if (text === '') continue;
    eating = false;
    joined.push(text);
  }
  return joined.join('');
}

function stripEnd(pieces: string[]): void {
  for (let last = pieces.pop(); last !== undefined; last = pieces.pop()) {
    let end = last.length;
    while (end > 0 && isNewline(last.charCodeAt(end - 1))) end -= 1;
    if (end === 0) continue;
    pieces.push(last.slice(0, end));
    return;
  }
}

function newlinesAtStart(text: string): number {
  let start = 0;
  while (start < text.length && isNewline(text.charCodeAt(start))) start += 1;
  return start;
}

function isNewline(unit: number): boolean {
  return unit === 10 || unit === 13;
}
