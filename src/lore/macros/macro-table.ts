import { cardMacros } from './card-macros.ts';
import { chanceMacros } from './chance-macros.ts';
import { chatMacros } from './chat-macros.ts';
import type { MacroDefinition } from './macro-definition.ts';
import { nameMacros } from './name-macros.ts';
import { textMacros } from './text-macros.ts';
import { timeMacros } from './time-macros.ts';
import { variableMacros } from './variable-macros.ts';

/** Every macro by its lower-case name; `{{if}}` and shorthands of variables are the renderer's own. */
const table: ReadonlyMap<string, MacroDefinition> = new Map(
  [nameMacros, cardMacros, textMacros, chanceMacros, chatMacros, timeMacros, variableMacros].flatMap((macros) =>
    Object.entries(macros),
  ),
);

export function findMacro(name: string): MacroDefinition | undefined {
  return table.get(name);
}
