/** Counts tokens as the house's model does. `app-context` satisfies it. */
export interface TokenCounter {
  open(signal: AbortSignal): Promise<OpenTokenCounter>;
}

export interface OpenTokenCounter {
  /** Tokens the model can see. */
  contextLength: number;
  /** False where counts are estimates. */
  exact: boolean;
  /** In the order of the texts. */
  count(texts: readonly string[]): Promise<number[]>;
}
