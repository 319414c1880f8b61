/** No vocabulary here has more characters in a token, on average over a text; what is beyond would be cut anyway. */
const MOST_CHARACTERS_PER_TOKEN = 16;

/**
 * A text as an embedding model is to read it; null where there is nothing to read. Compatibility forms are folded
 * (NFKC), as the vocabularies were trained, and the end that no model would read is cut before it is sent anywhere.
 */
export function prepareText(text: string, { prefix, maxTokens }: { prefix: string; maxTokens: number }): string | null {
  const readable = text
    .slice(0, maxTokens * MOST_CHARACTERS_PER_TOKEN)
    .toWellFormed()
    .normalize('NFKC')
    // Control characters end some tokenizers' texts early.
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return readable === '' ? null : prefix + readable;
}
