import type { LoreMode } from '../../../contract/lore.ts';
import { readDecorators } from '../spec/decorators.ts';
import type { ReadEntry } from './entry-ids.ts';
import { flagOf, isLoose, listOf, looseOf, numberOf, textOf, unknownKeys, type Loose } from './loose-values.ts';
import type { ReadBook } from './read-book.ts';
import { characterFilterOf, logicOf, positionOf, readStFields, recursionLevelOf, roleOf } from './st-fields.ts';
import { ST_EXTENSION_KEYS, ST_KEPT, ST_SAME } from './st-names.ts';

const ENTRY_KEYS: ReadonlySet<string> = new Set([
  'id',
  'keys',
  'secondary_keys',
  'name',
  'comment',
  'content',
  'enabled',
  'constant',
  'selective',
  'insertion_order',
  'priority',
  'position',
  'use_regex',
  'extensions',
]);
const BOOK_KEYS: ReadonlySet<string> = new Set([
  'name',
  'description',
  'scan_depth',
  'token_budget',
  'recursive_scanning',
  'entries',
]);

/**
 * `character_book` of a Character Card V2 or V3, and the `data` of a standalone `lorebook_v3`.
 *
 * In mode `st` the entries are read as SillyTavern does: no `enabled` is disabled, `case_sensitive` counts in
 * `extensions` only.
 */
export function readCardBook(book: Loose, asked?: LoreMode): ReadBook & { mode: LoreMode } {
  const everwith = looseOf(looseOf(book['extensions'])['everwith']);
  const raw = Array.isArray(book['entries']) ? book['entries'] : Object.values(looseOf(book['entries']));
  const kept = everwith['mode'];
  const mode = asked ?? (kept === 'st' || kept === 'spec' ? kept : cardBookMode(raw));
  return {
    mode,
    body: {
      name: textOf(book['name']) ?? '',
      description: textOf(book['description']) ?? '',
      scanDepth: numberOf(book['scan_depth']),
      tokenBudget: numberOf(book['token_budget']),
      recursiveScanning: flagOf(book['recursive_scanning']),
      foreign: unknownKeys(book, BOOK_KEYS),
    },
    entries: raw.map((entry) => (isLoose(entry) ? readEntry(entry, { mode, isOurs: kept === mode }) : null)),
    everwith,
  };
}

/**
 * Decorators beyond the two that SillyTavern knows say that the author meant the specification; else SillyTavern's
 * keys in an entry's `extensions` say that its engine was meant.
 */
export function cardBookMode(entries: readonly unknown[]): LoreMode {
  const written = entries.filter(isLoose);
  if (written.some(({ content }) => hasSpecDecorators(textOf(content) ?? ''))) return 'spec';
  return written.some(isFromSt) ? 'st' : 'spec';
}

function hasSpecDecorators(content: string): boolean {
  const { activate: _, dontActivate: __, ...rest } = readDecorators(content).decorators;
  return Object.keys(rest).length > 0;
}

export function isFromSt(entry: Loose): boolean {
  return Object.keys(looseOf(entry['extensions'])).some((key) => ST_EXTENSION_KEYS.has(key));
}

function readEntry(entry: Loose, { mode, isOurs }: { mode: LoreMode; isOurs: boolean }): ReadEntry {
  const extensions = looseOf(entry['extensions']);
  const keys = listOf(entry['keys']);
  const isSt = mode === 'st';
  const saysRegex = entry['use_regex'] === true;
  return {
    id: entry['id'],
    name: textOf(entry['name']) ?? '',
    comment: textOf(entry['comment']) ?? '',
    keys,
    secondaryKeys: listOf(entry['secondary_keys']),
    content: textOf(entry['content']) ?? '',
    enabled: flagOf(entry['enabled']) ?? !isSt,
    constant: entry['constant'] === true,
    selective: entry['selective'] === true,
    selectiveLogic: logicOf(extensions['selectiveLogic']),
    order: numberOf(entry['insertion_order']) ?? 100,
    priority: numberOf(entry['priority']),
    position:
      positionOf(extensions['position']) ?? (entry['position'] === 'before_char' ? 'before-char' : 'after-char'),
    role: roleOf(extensions['role']),
    delayUntilRecursion: recursionLevelOf(extensions['delay_until_recursion']),
    characterFilter: characterFilterOf(extensions['character_filter']),
    useRegex: isSt ? hasPattern(keys) : saysRegex && (isOurs || !isFromSt(entry) || hasPattern(keys)),
    ...readStFields(extensions, (field) => ST_SAME[field]),
    ...(isSt ? {} : readCase(entry)),
    foreign: readForeign(entry, isSt),
  };
}

/** SillyTavern writes `use_regex: true` on every entry; of its entries only keys that begin with `/` are patterns. */
export function hasPattern(keys: readonly string[]): boolean {
  return keys.some((key) => key.startsWith('/'));
}

function readCase(entry: Loose): { caseSensitive?: boolean } {
  const caseSensitive = flagOf(entry['case_sensitive']);
  return caseSensitive === null ? {} : { caseSensitive };
}

function readForeign(entry: Loose, isSt: boolean): Record<string, unknown> {
  const known = isSt ? ENTRY_KEYS : new Set([...ENTRY_KEYS, 'case_sensitive']);
  const extensions = looseOf(entry['extensions']);
  const kept = Object.entries(ST_KEPT).flatMap(([name, inCard]) =>
    Object.hasOwn(extensions, inCard) ? [[name, extensions[inCard]] as const] : [],
  );
  const rest = unknownKeys(extensions, ST_EXTENSION_KEYS);
  return {
    ...unknownKeys(entry, known),
    ...Object.fromEntries(kept),
    ...(Object.keys(rest).length > 0 ? { extensions: rest } : {}),
  };
}
