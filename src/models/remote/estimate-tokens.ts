/**
 * A rough count for models whose tokenizer is elsewhere, meant to err on the high side: about four letters of a Latin
 * word to a token, two signs or digits, one Han, kana or hangul letter, two tokens to an emoji.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const letter of text) tokens += weight(letter.codePointAt(0) ?? 0);
  return Math.ceil(tokens);
}

function weight(code: number): number {
  if (code < 0x80) {
    const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    return isLetter || code === 0x20 ? 0.25 : 0.5;
  }
  if (code >= 0x2e80 && code <= 0x9fff) return 1;
  if (code >= 0xac00 && code <= 0xd7a3) return 1;
  if (code >= 0xf900 && code <= 0xffef) return 1;
  // The supplementary ideographs.
  if (code >= 0x20000 && code <= 0x3ffff) return 2;
  return code > 0xffff ? 2 : 0.5;
}
