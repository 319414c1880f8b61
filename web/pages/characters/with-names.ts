/** A card's words with the two names everybody expects in them; other macros are told when a conversation begins. */
export function withNames(text: string, { char, user }: { char: string; user: string }): string {
  return text
    .replaceAll(/\{\{char\}\}|<(?:char|bot)>/gi, () => char)
    .replaceAll(/\{\{user\}\}|<user>/gi, (macro) => (user === '' ? macro : user));
}
