/** Turns the two sides of a talk around: what `{{char}}` was is `{{user}}` now, in any of their spellings. */
export function swapNames(text: string): string {
  return text.replace(NAMES, (found) => (IS_PERSON.test(found) ? '{{char}}' : '{{user}}'));
}

/** True when a text names either side, so that it matters who is who. */
export function namesSides(text: string): boolean {
  return text.search(NAMES) >= 0;
}

const NAMES = /\{\{\s*(?:char|user)\s*\}\}|<(?:bot|char|user)>/gi;
const IS_PERSON = /user/i;
