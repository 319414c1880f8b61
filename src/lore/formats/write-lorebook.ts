import type { LorebookBody, LoreEntry } from '../../../contract/lore.ts';
import { FILE_ID, idOf } from './entry-ids.ts';
import { defined, looseOf } from './loose-values.ts';
import { cardBookMode, hasPattern, isFromSt } from './read-card-book.ts';
import { DEFAULT_ENTRY, stNumber } from './st-fields.ts';
import { ST_KEPT, ST_SAME, type StSame } from './st-names.ts';

const SAME = Object.entries(ST_SAME) as [StSame, string][];

/**
 * Writes a book as a card's `character_book`, a standalone `lorebook_v3`, or SillyTavern's world info. What has no
 * place in the format goes as it came; our own settings go into `extensions.everwith`, and only where the file would be
 * read differently without them.
 */
export function writeLorebook(body: LorebookBody, format: 'card' | 'lorebook_v3' | 'st'): Record<string, unknown> {
  if (format === 'st') return writeStBook(body);
  const book = writeCardBook(body);
  return format === 'card' ? book : { spec: 'lorebook_v3', data: book };
}

function writeCardBook(body: LorebookBody): Record<string, unknown> {
  const entries = body.entries.map((entry) => writeCardEntry(entry, body.mode === 'st'));
  const { extensions, ...foreign } = body.foreign;
  return defined({
    ...foreign,
    name: body.name === '' ? undefined : body.name,
    description: body.description === '' ? undefined : body.description,
    scan_depth: body.scanDepth ?? undefined,
    token_budget: body.tokenBudget ?? undefined,
    recursive_scanning: body.recursiveScanning ?? undefined,
    extensions: withOwn(looseOf(extensions), body, readsAlike(body, entries)),
    entries,
  });
}

function writeCardEntry(entry: LoreEntry, isSt: boolean): Record<string, unknown> {
  const { extensions, [FILE_ID]: id, ...foreign } = entry.foreign;
  const kept = Object.entries(ST_KEPT);
  const rest = Object.fromEntries(Object.entries(foreign).filter(([key]) => !Object.hasOwn(ST_KEPT, key)));
  return defined({
    ...rest,
    id: id ?? idOf(entry.uid),
    name: entry.name === '' ? undefined : entry.name,
    comment: entry.comment === '' && !isSt ? undefined : entry.comment,
    keys: entry.keys,
    secondary_keys: entry.secondaryKeys,
    content: entry.content,
    enabled: entry.enabled,
    constant: entry.constant,
    selective: entry.selective,
    insertion_order: entry.order,
    priority: entry.priority ?? undefined,
    position: entry.position === 'before-char' ? 'before_char' : 'after_char',
    // SillyTavern writes true everywhere and looks at the keys.
    use_regex: isSt || entry.useRegex,
    ...(isSt ? {} : defined({ case_sensitive: entry.caseSensitive ?? undefined })),
    extensions: {
      ...looseOf(extensions),
      ...defined(Object.fromEntries(kept.map(([name, inCard]) => [inCard, foreign[name]]))),
      ...stExtensions(entry, isSt),
    },
  });
}

/** In mode `st` all of them, as SillyTavern does; else those that differ from the default. */
function stExtensions(entry: LoreEntry, isSt: boolean): Record<string, unknown> {
  const all: Record<string, unknown> = {
    position: stNumber.position(entry),
    role: stNumber.role(entry),
    selectiveLogic: stNumber.logic(entry),
    delay_until_recursion: entry.delayUntilRecursion,
    ...Object.fromEntries(SAME.map(([field, inCard]) => [inCard, entry[field]])),
    ...(entry.characterFilter ? { character_filter: entry.characterFilter } : {}),
  };
  if (isSt) return all;
  const usual: Record<string, unknown> = {
    role: 0,
    selectiveLogic: 0,
    delay_until_recursion: 0,
    // The specification has its own name for it.
    case_sensitive: entry.caseSensitive,
    ...Object.fromEntries(
      SAME.filter(([field]) => field !== 'caseSensitive').map(([field, inCard]) => [inCard, DEFAULT_ENTRY[field]]),
    ),
  };
  const isPlain = entry.position === 'before-char' || entry.position === 'after-char';
  return Object.fromEntries(
    Object.entries(all).filter(([key, value]) =>
      key === 'position' ? !isPlain : JSON.stringify(value) !== JSON.stringify(usual[key]),
    ),
  );
}

function writeStBook(body: LorebookBody): Record<string, unknown> {
  const { extensions, ...foreign } = body.foreign;
  const own = withOwn(looseOf(extensions), body, body.mode === 'st');
  return defined({
    ...foreign,
    name: body.name === '' ? undefined : body.name,
    description: body.description === '' ? undefined : body.description,
    extensions: extensions === undefined && Object.keys(own).length === 0 ? undefined : own,
    entries: Object.fromEntries(
      body.entries.map((entry) => {
        return [entry.uid, writeStEntry(entry)];
      }),
    ),
  });
}

function writeStEntry(entry: LoreEntry): Record<string, unknown> {
  const { [FILE_ID]: _, ...foreign } = entry.foreign;
  return {
    ...foreign,
    uid: idOf(entry.uid),
    key: entry.keys,
    keysecondary: entry.secondaryKeys,
    // World info has one field for both.
    comment: entry.comment || entry.name,
    content: entry.content,
    constant: entry.constant,
    selective: entry.selective,
    selectiveLogic: stNumber.logic(entry),
    order: entry.order,
    position: stNumber.position(entry),
    disable: !entry.enabled,
    role: stNumber.role(entry),
    delayUntilRecursion: entry.delayUntilRecursion,
    ...Object.fromEntries(SAME.map(([field]) => [field, entry[field]])),
    ...(entry.characterFilter ? { characterFilter: entry.characterFilter } : {}),
  };
}

/** Whether a reader who knows nothing of us takes the mode for what it is, and patterns for patterns. */
function readsAlike({ mode, entries }: LorebookBody, written: readonly Record<string, unknown>[]): boolean {
  if (cardBookMode(written) !== mode) return false;
  return !entries.some(
    ({ useRegex, keys }, index) => mode === 'spec' && useRegex && !hasPattern(keys) && isFromSt(written[index] ?? {}),
  );
}

/** Our settings beside the file's own extensions. */
function withOwn(
  extensions: Readonly<Record<string, unknown>>,
  { mode, foldAccents }: LorebookBody,
  isClear: boolean,
): Record<string, unknown> {
  const { everwith, ...rest } = extensions;
  const { mode: _, foldAccents: __, ...others } = looseOf(everwith);
  const own = { ...others, ...(isClear ? {} : { mode }), ...(foldAccents ? { foldAccents } : {}) };
  return Object.keys(own).length > 0 ? { ...rest, everwith: own } : rest;
}
