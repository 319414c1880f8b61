import type { ReadEntry } from './entry-ids.ts';
import { flagOf, isLoose, listOf, looseOf, numberOf, textOf, unknownKeys, type Loose } from './loose-values.ts';
import type { ReadBook } from './read-book.ts';
import { characterFilterOf, logicOf, positionOf, readStFields, recursionLevelOf, roleOf } from './st-fields.ts';
import { hasPattern } from './read-card-book.ts';
import { ST_SAME } from './st-names.ts';

const ENTRY_KEYS: ReadonlySet<string> = new Set([
  'uid',
  'key',
  'keysecondary',
  'comment',
  'content',
  'constant',
  'selective',
  'selectiveLogic',
  'order',
  'position',
  'disable',
  'delayUntilRecursion',
  'role',
  'characterFilter',
  'foreign',
  ...Object.keys(ST_SAME),
]);
const BOOK_KEYS: ReadonlySet<string> = new Set(['entries', 'name', 'description']);

/** SillyTavern's world-info JSON: `{entries: {uid: entry}}`, or a list of entries in some exports. */
export function readStBook(file: Loose): ReadBook {
  const listed: [string | undefined, unknown][] = Array.isArray(file['entries'])
    ? file['entries'].map((entry: unknown) => [undefined, entry])
    : Object.entries(looseOf(file['entries']));
  const extensions = looseOf(file['extensions']);
  return {
    body: {
      name: textOf(file['name']) ?? '',
      description: textOf(file['description']) ?? '',
      foreign: unknownKeys(file, BOOK_KEYS),
    },
    entries: listed.map(([key, entry]) => (isLoose(entry) ? readStEntry(entry, key) : null)),
    everwith: looseOf(extensions['everwith']),
  };
}

function readStEntry(entry: Loose, key: string | undefined): ReadEntry {
  const keys = listOf(entry['key']);
  return {
    id: entry['uid'] ?? key,
    comment: textOf(entry['comment']) ?? '',
    keys,
    secondaryKeys: listOf(entry['keysecondary']),
    content: textOf(entry['content']) ?? '',
    enabled: entry['disable'] !== true,
    constant: entry['constant'] === true,
    selective: flagOf(entry['selective']) ?? true,
    selectiveLogic: logicOf(entry['selectiveLogic']),
    order: numberOf(entry['order']) ?? 100,
    position: positionOf(entry['position']) ?? 'before-char',
    role: roleOf(entry['role']),
    delayUntilRecursion: recursionLevelOf(entry['delayUntilRecursion']),
    characterFilter: characterFilterOf(entry['characterFilter']),
    useRegex: hasPattern(keys),
    ...readStFields(entry, (field) => field),
    foreign: unknownKeys(entry, ENTRY_KEYS),
  };
}
