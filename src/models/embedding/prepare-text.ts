/** No vocabulary here has more characters in a token, on average over a text; what is beyond would be cut anyway. */
const MOST_CHARACTERS_PER_TOKEN = 16;

/**
 * Spaces, control characters (which end some tokenizers' texts early) and marks without a shape: a space each, as
 * SentencePiece's `nmt_nfkc` has it.
 */
const NOTHING_TO_READ = /[\s\p{Cc}\u200b-\u200f\u2581\ufffd]+/gu;

/**
 * A text as an embedding model is to read it; null where there is nothing to read. Compatibility forms are folded
 * (NFKC), as the vocabularies were trained, and the end that no model would read is cut before it is sent anywhere.
 */
export function prepareText(text: string, { prefix, maxTokens }: { prefix: string; maxTokens: number }): string | null {
  const readable = text
    .slice(0, maxTokens * MOST_CHARACTERS_PER_TOKEN)
    .toWellFormed()
    .normalize('NFKC')
    .replace(NOTHING_TO_READ, ' ')
    .trim();
  return readable === '' ? null : prefix + readable;
}
