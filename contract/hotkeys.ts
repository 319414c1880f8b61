import { z } from 'zod';

/** What can be done by a key of one's own choice. */
export const hotkeyActionSchema = z.enum([
  'editLast',
  'editOwn',
  'previousVersion',
  'nextVersion',
  'regenerate',
  'continue',
  'stop',
  'focus',
  'search',
  'find',
  'new',
  'sidebar',
  'settings',
  'help',
]);
export type HotkeyAction = z.infer<typeof hotkeyActionSchema>;

/**
 * `Mod+Shift+O`: modifiers in the order `Mod`, `Alt`, `Shift`, then the key as the browser names it, letters in
 * capitals. `Mod` is Ctrl or ⌘. Empty = no key.
 */
const hotkeySchema = z
  .string()
  .max(40)
  .regex(/^(?:(?:Mod\+)?(?:Alt\+)?(?:Shift\+)?(?:[^\s\p{Cc}\p{Cs}]{1,20}))?$/u);

/** Only those that differ from the house's own. */
export const hotkeysSchema = z.partialRecord(hotkeyActionSchema, hotkeySchema);
export type Hotkeys = z.infer<typeof hotkeysSchema>;
