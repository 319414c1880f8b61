/** Remarks that are neither sent nor matched (V3: `{{// x}}`, `{{comment: x}}`). */
const REMARK = /\{\{\s*(?:\/\/|comment\s*:)[^{}]*\}\}/gi;
const HIDDEN_KEY = /\{\{\s*hidden_key\s*:([^{}]*)\}\}/gi;

/** A message as keys see it: without remarks, and without hidden keys, which count in recursion only. */
export function scannableMessage(text: string): string {
  return text.includes('{{') ? text.replace(REMARK, '').replace(HIDDEN_KEY, '') : text;
}

/** An entry's content as other entries' keys see it: hidden keys uncovered. */
export function scannableContent(text: string): string {
  return text.includes('{{') ? text.replace(REMARK, '').replace(HIDDEN_KEY, (_, key: string) => key.trim()) : text;
}
