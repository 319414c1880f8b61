/** Tokens of a piece that may be said again and again. */
const LONGEST_PIECE = 64;
/** Tokens in a row that are nothing but one piece repeated: more is no answer, and would go on to the end of the context. */
const MOST_REPEATED = 320;
/** Tokens between two looks. */
const LOOK_EVERY = 16;

/** True where a model says the same piece over and over: small ones do, and do not end by themselves. */
export function isEndless(tokens: readonly number[]): boolean {
  if (tokens.length < MOST_REPEATED || tokens.length % LOOK_EVERY !== 0) return false;
  for (let piece = 1; piece <= LONGEST_PIECE; piece += 1) {
    if (isRepeated(tokens, piece)) return true;
  }
  return false;
}

function isRepeated(tokens: readonly number[], piece: number): boolean {
  const end = tokens.length - MOST_REPEATED + piece;
  for (let at = tokens.length - 1; at >= end; at -= 1) {
    if (tokens[at] !== tokens[at - piece]) return false;
  }
  return true;
}
