import { loreEntrySchema, type LoreEntry } from '../../../contract/lore.ts';
import { flagOf, isLoose, listOf, numberOf, textOf, type Loose } from './loose-values.ts';
import { ST_LOGIC, ST_POSITIONS, ST_ROLES, ST_SAME, type StSame } from './st-names.ts';

/** An entry with every field at its default, SillyTavern's own. */
export const DEFAULT_ENTRY: LoreEntry = loreEntrySchema.parse({ uid: '0' });

/** Fields that SillyTavern has beyond the specification, from world info or a card's `extensions`. */
export function readStFields(source: Loose, nameOf: (field: StSame) => string): Partial<LoreEntry> {
  const read: Record<string, unknown> = {};
  for (const field of Object.keys(ST_SAME) as StSame[]) {
    const value = likeDefault(source[nameOf(field)], field);
    if (value !== null) read[field] = value;
  }
  return read;
}

/** The value as the field's kind, null where it is not of that kind or absent. */
function likeDefault(value: unknown, field: StSame): string | number | boolean | string[] | null {
  if (field === 'triggers') return listOf(value);
  if (field === 'caseSensitive' || field === 'matchWholeWords' || field === 'useGroupScoring') return flagOf(value);
  const like = DEFAULT_ENTRY[field];
  if (typeof like === 'boolean') return flagOf(value);
  if (typeof like === 'string') return textOf(value);
  return numberOf(value);
}

export function positionOf(value: unknown): LoreEntry['position'] | undefined {
  const number = numberOf(value);
  return number === null ? undefined : ST_POSITIONS[number];
}

export function roleOf(value: unknown): LoreEntry['role'] {
  return ST_ROLES[numberOf(value) ?? 0] ?? 'system';
}

export function logicOf(value: unknown): LoreEntry['selectiveLogic'] {
  return ST_LOGIC[numberOf(value) ?? 0] ?? 'and-any';
}

/** A flag in older files, a level in newer ones. */
export function recursionLevelOf(value: unknown): number {
  return value === true ? 1 : Math.max(0, numberOf(value) ?? 0);
}

export function characterFilterOf(value: unknown): LoreEntry['characterFilter'] {
  if (!isLoose(value)) return null;
  const filter = { isExclude: value['isExclude'] === true, names: listOf(value['names']), tags: listOf(value['tags']) };
  return filter.names.length === 0 && filter.tags.length === 0 && !filter.isExclude ? null : filter;
}

/** Numbers of SillyTavern for our names. */
export const stNumber = {
  position: ({ position }: LoreEntry) => ST_POSITIONS.indexOf(position),
  role: ({ role }: LoreEntry) => ST_ROLES.indexOf(role),
  logic: ({ selectiveLogic }: LoreEntry) => ST_LOGIC.indexOf(selectiveLogic),
};
