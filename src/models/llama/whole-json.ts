const CLOSES: Readonly<Record<string, string>> = { '{': '}', '[': ']', '"': '"' };

/** True for an object, an array or a string in JSON to which nothing can be added but space. */
export function isWholeJson(text: string): boolean {
  const trimmed = text.trim();
  const close = CLOSES[trimmed.charAt(0)];
  if (close === undefined || trimmed.length < 2 || !trimmed.endsWith(close)) return false;
  try {
    JSON.parse(trimmed);
    return true;
  } catch {
    return false;
  }
}
