/** Characters of scripts without spaces; models take most of them one by one, or two together. */
const DENSE = /[\u3040-\u30FF\u3400-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF]/gu;
const TOKENS_OF_DENSE = 0.75;
const LETTERS_OF_TOKEN = 4;

/** About how many tokens a model makes of a text; the exact count depends on the model. */
export function estimateTokens(text: string): number {
  const dense = text.match(DENSE)?.length ?? 0;
  return Math.ceil(dense * TOKENS_OF_DENSE + (text.length - dense) / LETTERS_OF_TOKEN);
}
