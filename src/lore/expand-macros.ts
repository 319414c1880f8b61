export interface MacroNames {
  char: string;
  user: string;
}

/**
 * Replaces the names every card uses: `{{char}}`, `<BOT>`, `<CHAR>`, `{{user}}`, `<USER>`, in any case.
 * Other macros stay as they are written (Character Card V2 specification, "Placeholder").
 */
export function expandMacros(text: string, names: MacroNames): string {
  return text
    .replace(/\{\{\s*char\s*\}\}|<bot>|<char>/gi, () => names.char)
    .replace(/\{\{\s*user\s*\}\}|<user>/gi, () => names.user);
}
