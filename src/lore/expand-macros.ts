export interface MacroNames {
  char: string;
  user: string;
}

/**
 * Replaces the names every card uses: `{{char}}`, `<BOT>`, `<CHAR>`, `{{user}}`, `<USER>`, in any case.
 * Other macros stay as they are written (Character Card V2 specification, "Placeholder"). In one pass, so that a
 * name which looks like a macro stays a name.
 */
export function expandMacros(text: string, names: MacroNames): string {
  return text.replace(/\{\{\s*(?:char|user)\s*\}\}|<(?:bot|char|user)>/gi, (macro) =>
    /user/i.test(macro) ? names.user : names.char,
  );
}
