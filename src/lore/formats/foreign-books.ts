import type { ReadEntry } from './entry-ids.ts';
import { isLoose, listOf, looseOf, numberOf, splitList, textOf, unknownKeys, type Loose } from './loose-values.ts';
import type { ReadBook } from './read-book.ts';

const AGNAI_KEYS: ReadonlySet<string> = new Set([
  'id',
  'name',
  'entry',
  'weight',
  'priority',
  'enabled',
  'comment',
  'constant',
]);

/**
 * Agnai: `{kind:'memory', entries:[{name, keywords, entry, weight, priority, enabled}]}`. `weight` is the order,
 * `priority` what stays over budget; `*` and `?` in a keyword stand for letters; entries do not trigger each other.
 */
export function readAgnaiBook(file: Loose): ReadBook {
  return {
    body: {
      name: textOf(file['name']) ?? '',
      description: textOf(file['description']) ?? '',
      scanDepth: numberOf(file['scanDepth']),
      tokenBudget: numberOf(file['tokenBudget']),
      recursiveScanning: false,
      foreign: unknownKeys(file, new Set(['name', 'description', 'scanDepth', 'tokenBudget', 'entries'])),
    },
    entries: entriesOf(file['entries'], (entry) => {
      const keywords = listOf(entry['keywords']);
      const hasWildcards = keywords.some((keyword) => /[*?]/.test(keyword));
      return {
        id: entry['id'],
        name: textOf(entry['name']) ?? '',
        comment: textOf(entry['comment']) ?? '',
        keys: keywords.map((keyword) => (/[*?]/.test(keyword) ? wildcardPattern(keyword) : keyword)),
        content: textOf(entry['entry']) ?? '',
        enabled: entry['enabled'] !== false,
        constant: entry['constant'] === true,
        order: numberOf(entry['weight']) ?? 0,
        priority: numberOf(entry['priority']),
        useRegex: hasWildcards,
        foreign: unknownKeys(entry, AGNAI_KEYS),
      };
    }),
  };
}

/** A keyword with wildcards as an expression over whole words. */
function wildcardPattern(keyword: string): string {
  const body = keyword
    .replace(/[.+^${}()|[\]\\/]/g, String.raw`\$&`)
    .replaceAll('*', String.raw`[^\s]*`)
    .replaceAll('?', String.raw`[^\s]`);
  const edge = (letter: string | undefined) => (letter && /\w/.test(letter) ? String.raw`\b` : '');
  return `/${edge(keyword[0])}${body}${edge(keyword.at(-1))}/i`;
}

const RISU_KEYS: ReadonlySet<string> = new Set([
  'key',
  'secondkey',
  'insertorder',
  'comment',
  'content',
  'alwaysActive',
  'selective',
  'activationPercent',
  'useRegex',
]);

/** RisuAI: `{type:'risu', data:[{key:"a, b", secondkey, insertorder, …}]}`; a folder is kept, and fires nothing. */
export function readRisuBook(file: Loose): ReadBook {
  return {
    body: { name: textOf(file['name']) ?? '', foreign: unknownKeys(file, new Set(['name', 'data'])) },
    entries: entriesOf(file['data'], (entry) => {
      const percent = numberOf(entry['activationPercent']);
      return {
        id: entry['id'],
        comment: textOf(entry['comment']) ?? '',
        keys: listOf(entry['key']),
        secondaryKeys: splitList(textOf(entry['secondkey']) ?? ''),
        content: textOf(entry['content']) ?? '',
        enabled: entry['mode'] !== 'folder',
        constant: entry['alwaysActive'] === true || entry['mode'] === 'constant',
        selective: entry['selective'] === true,
        order: numberOf(entry['insertorder']) ?? 100,
        probability: percent ?? 100,
        useRegex: entry['useRegex'] === true,
        foreign: unknownKeys(entry, RISU_KEYS),
      };
    }),
  };
}

const NOVEL_AI_KEYS: ReadonlySet<string> = new Set(['id', 'displayName', 'keys', 'text', 'enabled', 'forceActivation']);

/** NovelAI: `{lorebookVersion, entries:[{displayName, keys, text, enabled, contextConfig.budgetPriority}]}`. */
export function readNovelAiBook(file: Loose): ReadBook {
  return {
    body: { foreign: unknownKeys(file, new Set(['entries'])) },
    entries: entriesOf(file['entries'], (entry) => {
      const keys = listOf(entry['keys']);
      const priority = numberOf(looseOf(entry['contextConfig'])['budgetPriority']);
      return {
        id: entry['id'],
        name: textOf(entry['displayName']) ?? '',
        keys,
        content: textOf(entry['text']) ?? '',
        enabled: entry['enabled'] !== false,
        constant: entry['forceActivation'] === true,
        order: priority ?? 0,
        priority,
        useRegex: keys.some((key) => key.startsWith('/')),
        foreign: unknownKeys(entry, NOVEL_AI_KEYS),
      };
    }),
  };
}

function entriesOf(value: unknown, read: (entry: Loose) => ReadEntry): (ReadEntry | null)[] {
  return (Array.isArray(value) ? value : []).map((entry) => (isLoose(entry) ? read(entry) : null));
}
