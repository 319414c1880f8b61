import { plain, type MacroTable } from './macro-definition.ts';

/** Who is there. */
export const nameMacros: MacroTable = {
  char: plain(({ context }) => context.names.char),
  user: plain(({ context }) => context.names.user),
  group: plain(({ context: { names } }) => names.group ?? names.char),
  groupnotmuted: plain(({ context: { names } }) => names.groupNotMuted ?? names.group ?? names.char),
  charifnotgroup: plain(({ context: { names } }) => (names.group === undefined ? names.char : '')),
  notchar: plain(({ context: { names } }) => names.notChar ?? names.user),
};
