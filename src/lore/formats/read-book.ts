import {
  LORE_ENTRY_LIMIT,
  lorebookBodySchema,
  loreEntrySchema,
  type LorebookBody,
  type LoreEntry,
  type LoreMode,
} from '../../../contract/lore.ts';
import { InvalidInputError } from '../../base/errors.ts';
import { FILE_ID, ownId, uidOf, type ReadEntry } from './entry-ids.ts';
import { isLoose, looseOf, type Loose } from './loose-values.ts';

/** What a reader of one format makes of a file; a null entry was no entry. */
export interface ReadBook {
  body: Partial<Omit<LorebookBody, 'entries' | 'mode'>>;
  entries: readonly (ReadEntry | null)[];
  /** Our own settings, where the file was written by this house. */
  everwith?: Loose;
}

/** Limits of the contract; what is longer is cut, with a warning. */
const KEYS_LIMIT = 1000;
const KEY_LIMIT = 10_000;
const TEXT_LIMITS = { name: 10_000, comment: 100_000, content: 1_000_000, outletName: 1000, group: 10_000 } as const;

/** Makes a book of what was read: unique uids, limits held, everything of a known kind. */
export function finishBook(
  { body, entries, everwith }: ReadBook,
  { mode, warnings, keepIds }: { mode: LoreMode; warnings: string[]; keepIds: boolean },
): LorebookBody {
  if (entries.length > LORE_ENTRY_LIMIT) {
    warnings.push(`The book has ${entries.length} entries; the first ${LORE_ENTRY_LIMIT} were read.`);
  }
  const broken = entries.filter((entry) => entry === null).length;
  if (broken > 0) warnings.push(`${broken} of the entries are damaged and were left out.`);
  const taken = new Set<string>();
  const finished: LoreEntry[] = [];
  for (const [place, entry] of entries.slice(0, LORE_ENTRY_LIMIT).entries()) {
    if (entry) finished.push(finishEntry(entry, { place, taken, warnings, keepIds }));
  }
  const parsed = lorebookBodySchema.safeParse({
    ...body,
    name: (body.name ?? '').slice(0, TEXT_LIMITS.name),
    description: (body.description ?? '').slice(0, TEXT_LIMITS.content),
    mode,
    ...(everwith?.['foldAccents'] === true ? { foldAccents: true } : {}),
    foreign: withoutOwn(body.foreign ?? {}),
    entries: finished,
  });
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(`The lorebook is damaged: ${parsed.error.issues[0]?.message ?? ''}`, {
    code: 'lorebook-damaged',
    field: 'data',
    cause: parsed.error,
  });
}

/** What `everwith` keeps in `extensions` stands in fields of ours; an empty frame says nothing. */
function withoutOwn({ extensions, ...foreign }: Record<string, unknown>): Record<string, unknown> {
  if (!isLoose(extensions)) return foreign;
  const { everwith, ...rest } = extensions;
  const { mode: _, foldAccents: __, ...others } = looseOf(everwith);
  const kept = Object.keys(others).length > 0 ? { ...rest, everwith: others } : rest;
  return Object.keys(kept).length > 0 ? { ...foreign, extensions: kept } : foreign;
}

function finishEntry(
  { id, ...entry }: ReadEntry,
  { place, taken, warnings, keepIds }: { place: number; taken: Set<string>; warnings: string[]; keepIds: boolean },
): LoreEntry {
  const uid = uidOf(id, place, taken);
  const kept = ownId(id, uid);
  let isCut = false;
  const cut = (text: string | undefined, limit: number) => {
    if (text !== undefined && text.length > limit) isCut = true;
    return (text ?? '').slice(0, limit);
  };
  const cutList = (list: readonly string[] | undefined) => {
    if (list && list.length > KEYS_LIMIT) isCut = true;
    return (list ?? []).slice(0, KEYS_LIMIT).map((key) => cut(key, KEY_LIMIT));
  };
  const limited = {
    ...entry,
    uid,
    ...Object.fromEntries(
      Object.entries(TEXT_LIMITS).map(([name, limit]) => [name, cut(entry[name as keyof typeof TEXT_LIMITS], limit)]),
    ),
    keys: cutList(entry.keys),
    secondaryKeys: cutList(entry.secondaryKeys),
    triggers: (entry.triggers ?? []).slice(0, 100).map((trigger) => trigger.slice(0, 100)),
    characterFilter: entry.characterFilter
      ? {
          isExclude: entry.characterFilter.isExclude,
          names: entry.characterFilter.names.slice(0, KEYS_LIMIT).map((name) => name.slice(0, 1000)),
          tags: entry.characterFilter.tags.slice(0, KEYS_LIMIT).map((tag) => tag.slice(0, 1000)),
        }
      : null,
    foreign: { ...entry.foreign, ...(keepIds && kept !== undefined ? { [FILE_ID]: kept } : {}) },
  };
  if (isCut) warnings.push(`Entry ${uid} is longer than the house keeps; its end was cut off.`);
  return loreEntrySchema.parse(limited);
}
