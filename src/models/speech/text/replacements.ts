/** One rewriting rule: a pattern and what takes its place. Patterns are linear in the text they meet. */
export interface Replacement {
  pattern: RegExp;
  /** The match and its groups as given; a missing group is empty. */
  say: (match: readonly string[], place: { text: string; at: number }) => string;
}

/** Applies rules one after the other. */
export function applyReplacements(text: string, rules: readonly Replacement[]): string {
  let result = text;
  for (const { pattern, say } of rules) {
    const before = result;
    result = before.replace(pattern, (...found: unknown[]) => {
      const at = found.findIndex((part) => typeof part === 'number');
      const groups = found.slice(0, at).map((part) => (typeof part === 'string' ? part : ''));
      return say(groups, { text: before, at: Number(found[at]) });
    });
  }
  return result;
}
