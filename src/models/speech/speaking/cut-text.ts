/** A stretch of text that an engine makes at once, and the pause that belongs between it and the next. Milliseconds. */
export interface TextPiece {
  text: string;
  pauseInMs: number;
}

export interface PieceLimits {
  /** Characters of the first piece at most, where a clause ends in time: it decides when the voice is first heard. */
  first: number;
  /** Of any other. */
  most: number;
}

/** Of read speech at normal speed: about a third of a second at a full stop, half of that at a comma. */
const SENTENCE_PAUSE_IN_MS = 320;
const CLAUSE_PAUSE_IN_MS = 150;
const PARAGRAPH_PAUSE_IN_MS = 550;
/** A text cut for its length alone must not seem to stop. */
const NO_PAUSE_IN_MS = 0;

/** Sentences: their marks with closing quotes, where a space or Chinese script follows, and lines. */
const sentenceEnd = /(?<=[.!?…]["'”’)\]]*)\s+|(?<=[。！？…][”’」』）]*)(?![。！？…”’」』）])|\n+/u;
/** What ends with a point and is no sentence; the normaliser writes most of them out. */
const abbreviation = /(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|vs|etc|No|e\.g|i\.e|\p{Lu})\.$/u;
const clauseEnd = /(?<=[,;:—–])\s+|(?<=[，；：、—])/u;

/**
 * Cuts a text where it may pause, so that a long one sounds while the rest is made, and stopping it stops the engine
 * after one piece. The pieces hold every word once, in order.
 */
export function cutText(text: string, limits: PieceLimits): TextPiece[] {
  const pieces: TextPiece[] = [];
  for (const paragraph of text.split(/\n{2,}/u)) {
    for (const sentence of sentences(paragraph)) {
      const clauses = fit(sentence, pieces.length === 0 ? limits : { first: limits.most, most: limits.most });
      pieces.push(...clauses);
      pauseAfterLast(pieces, SENTENCE_PAUSE_IN_MS);
    }
    pauseAfterLast(pieces, PARAGRAPH_PAUSE_IN_MS);
  }
  return pieces;
}

function sentences(text: string): string[] {
  const found: string[] = [];
  for (const part of text.split(sentenceEnd)) {
    const piece = part.trim();
    const before = found.at(-1);
    if (piece === '') continue;
    if (before !== undefined && abbreviation.test(before)) found[found.length - 1] = `${before} ${piece}`;
    else found.push(piece);
  }
  return found;
}

/** One sentence: whole when it is short enough, else as few clauses as the limits allow. */
function fit(sentence: string, { first, most }: PieceLimits): TextPiece[] {
  if (sentence.length <= first) return [{ text: sentence, pauseInMs: CLAUSE_PAUSE_IN_MS }];
  const pieces: TextPiece[] = [];
  let current = '';
  const close = (pauseInMs: number) => {
    if (current !== '') pieces.push({ text: current, pauseInMs });
    current = '';
  };
  for (const clause of sentence.split(clauseEnd)) {
    const joined = current === '' ? clause : join(current, clause);
    if (joined.length <= (pieces.length === 0 ? first : most)) current = joined;
    else {
      close(CLAUSE_PAUSE_IN_MS);
      const [last = '', ...whole] = cutByLength(clause, most).toReversed();
      for (const text of whole.toReversed()) pieces.push({ text, pauseInMs: NO_PAUSE_IN_MS });
      current = last;
    }
  }
  close(CLAUSE_PAUSE_IN_MS);
  return pieces;
}

/** Between words where there are any. */
function cutByLength(clause: string, most: number): string[] {
  const cut: string[] = [];
  let rest = clause;
  while (rest.length > most) {
    const space = rest.lastIndexOf(' ', most);
    const end = space > 0 ? space : wholeCharacters(rest, most);
    cut.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...cut, rest];
}

function wholeCharacters(text: string, length: number): number {
  const code = text.charCodeAt(length - 1);
  return code >= 0xd800 && code < 0xdc00 ? length - 1 : length;
}

function join(left: string, right: string): string {
  return /[\p{Script=Han}，；：、。]$/u.test(left) ? left + right : `${left} ${right}`;
}

function pauseAfterLast(pieces: TextPiece[], pauseInMs: number): void {
  const last = pieces.at(-1);
  if (last) pieces[pieces.length - 1] = { ...last, pauseInMs };
}
