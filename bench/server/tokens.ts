const WORDS = [' the', ' lantern', ' over', ' a', ' quiet', ' river', ' keeps', ' its', ' own', ' time'];

/** The token at a place of an answer, of the length that models' tokens have. */
export function tokenOf(index: number): string {
  return WORDS[index % WORDS.length] ?? ' …';
}

export function tokensOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => tokenOf(index));
}
