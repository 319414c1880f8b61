/** Breath between two clauses, milliseconds: as readers take it, shorter than a listener would use to speak. */
const AFTER_SENTENCE_MS = 260;
const AFTER_PARAGRAPH_MS = 420;
const AFTER_COMMA_MS = 110;
const AFTER_OTHERS_MS = 40;

/** Silence after a clause, whose sound is trimmed on both sides; milliseconds. `text`: the clause as written. */
export function pauseAfter(text: string): number {
  if (/\n\s*\n\s*$/u.test(text)) return AFTER_PARAGRAPH_MS;
  const end = text.replaceAll(/[\s"'”’）)\]】」』*_]+$/gu, '');
  if (/[.!?。！？…]$/u.test(end)) return AFTER_SENTENCE_MS;
  return /[,;:，、；：—–-]$/u.test(end) ? AFTER_COMMA_MS : AFTER_OTHERS_MS;
}
