/** Characters of a reason that are kept. */
export const REASON_LENGTH = 160;

/** What a model answered to the question of whose turn it is. */
export interface Direction {
  next: string;
  why: string;
}

/**
 * Reads an answer, cut off or with words around it too: the choice stands at its beginning. Null where it makes no
 * choice.
 */
export function readDirection(answer: string): Direction | null {
  const next = stringAfter(answer, 'next');
  return next === null || next.trim() === ''
    ? null
    : { next: next.trim(), why: tidy(stringAfter(answer, 'why') ?? '') };
}

/** True once the name stands there to its end. */
export function hasName(answer: string): boolean {
  return /"next"\s*:\s*"(?:[^"\\]|\\.)*"/su.test(answer);
}

/** True once name and reason do: whatever follows them is not waited for. */
export function isWholeDirection(answer: string): boolean {
  return hasName(answer) && /"why"\s*:\s*"(?:[^"\\]|\\.)*"/su.test(answer);
}

/** The value of a key, as far as it goes; escapes are undone. */
function stringAfter(answer: string, key: string): string | null {
  const found = new RegExp(`"${key}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`, 'su').exec(answer);
  if (!found) return null;
  const escaped = found[1] ?? '';
  try {
    return String(JSON.parse(`"${escaped.replace(/\p{Cc}/gu, ' ')}"`));
  } catch {
    return escaped;
  }
}

function tidy(why: string): string {
  const line = why.replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ').trim();
  const letters = Array.from(line);
  return letters.length <= REASON_LENGTH ? line : `${letters.slice(0, REASON_LENGTH - 1).join('')}…`;
}
