import { z } from 'zod';
import type { CharacterSummary } from '../../../contract/characters.ts';
import { localeSchema, type Locale } from '../../../contract/common.ts';
import type {
  CharacterDetails,
  CharacterMark,
  LibraryCharacter,
  LibraryFilter,
  LibraryOverview,
  LibraryPage,
  LibraryQuery,
  UpdateMark,
} from '../../../contract/library.ts';
import { BULK_LIMIT } from '../../../contract/library.ts';
import type { Actor } from '../../accounts/actor.ts';
import { InvalidInputError, NotFoundError } from '../../base/errors.ts';
import { HOUSE_SHELF, indexOwnTags } from '../../character/character-index-store.ts';
import { indexedSummarySchema } from '../../character/describe-for-index.ts';
import { listFolders } from '../../character/folder-store.ts';
import {
  countScope,
  countTalked,
  listIds,
  listIndexRows,
  listLinkedToBooks,
  listPlaces,
  listRecent,
  readIndexRows,
  type LibraryPlace,
  type LibraryScope,
} from '../../character/library-list-store.ts';
import { emptyMark, readMark, readMarks, setMark } from '../../character/mark-store.ts';
import { countShelves, countTags } from '../../character/shelf-counts-store.ts';
import type { StarterShelf } from '../../character/seed-starters.ts';
import type { Row } from '../../storage/schema.ts';
import type { Storage, Trx } from '../../storage/storage.ts';
import { readCharacterDetails } from './character-details.ts';

/** Characters talked with last, shown above the list. */
const RECENT_SHOWN = 12;

const placeSchema = z.tuple([z.int(), z.number(), z.string().max(1000), z.string().max(128)]);
const localesSchema = z.array(localeSchema);

export interface ShelvesContext {
  storage: Storage;
  starters: StarterShelf;
}

interface Reader {
  actor: Actor;
  locale: Locale;
}

/** The library's list: from the index, never from the cards. */
export class Shelves {
  readonly #context: ShelvesContext;

  constructor(context: ShelvesContext) {
    this.#context = context;
  }

  /** Everybody at once: starters in the order of the reader's language, then one's own by age. */
  async listAll({ actor, locale }: Reader): Promise<CharacterSummary[]> {
    const rows = await listIndexRows(this.#context.storage.db, actor.userId);
    const order = new Map(this.#context.starters.order[locale].map((slug, index) => [slug, index]));
    const place = (row: Row<'characterIndex'>) =>
      row.shelf === HOUSE_SHELF ? (order.get(row.slug) ?? order.size) : order.size + 1;
    return rows
      .toSorted((a, b) => place(a) - place(b) || a.createdAt - b.createdAt)
      .map((row) => presentRow(row, { actor, locale }));
  }

  async page(reader: Reader, query: LibraryQuery): Promise<LibraryPage> {
    const { db } = this.#context.storage;
    const scope = scopeOf(reader.actor, query);
    const after = query.cursor === undefined ? null : parseCursor(query.cursor);
    const range = { locale: reader.locale, sort: query.sort, after, limit: query.limit + 1 };
    const [places, total] = await Promise.all([
      listPlaces(db, scope, range),
      after === null ? countScope(db, scope) : null,
    ]);
    const page = places.slice(0, query.limit);
    const last = places.length > query.limit ? page.at(-1) : undefined;
    const ids = page.map(({ id }) => id);
    return {
      characters: await this.#open(reader, { ids, talked: query.sort === 'talked' }),
      nextCursor: last ? toCursor(last) : null,
      total,
    };
  }

  async selection(actor: Actor, filter: LibraryFilter): Promise<string[]> {
    return listIds(this.#context.storage.db, scopeOf(actor, filter), BULK_LIMIT);
  }

  async overview(reader: Reader): Promise<LibraryOverview> {
    const { db } = this.#context.storage;
    const { userId } = reader.actor;
    const [counts, tags, folders, recent] = await Promise.all([
      countShelves(db, userId),
      countTags(db, { userId, locale: reader.locale }),
      listFolders(db, userId),
      listRecent(db, { userId, limit: RECENT_SHOWN }),
    ]);
    const { byFolder, ...sums } = counts;
    return {
      ...sums,
      unfiled: byFolder.get(null) ?? 0,
      folders: folders.map(({ id, name }) => ({ id, name, count: byFolder.get(id) ?? 0 })),
      tags,
      recent: await this.#open(reader, { ids: recent, talked: false }),
    };
  }

  /** What stands on a character's page beside its card. */
  details(actor: Actor, characterId: string): Promise<CharacterDetails> {
    return readCharacterDetails(this.#context.storage, { actor, characterId });
  }

  async mark(actor: Actor, characterId: string): Promise<CharacterMark> {
    const { db } = this.#context.storage;
    await this.#requireSeen(actor, characterId);
    return readMark(db, { userId: actor.userId, characterId });
  }

  async setMark(actor: Actor, characterId: string, { tags, ...change }: UpdateMark): Promise<CharacterMark> {
    const { storage } = this.#context;
    const key = { userId: actor.userId, characterId };
    await this.#requireSeen(actor, characterId);
    const own = tags && [...new Set(tags.map((tag) => tag.trim()))];
    await storage.transaction(async (trx) => {
      if (typeof change.folderId === 'string') await requireFolder(trx, actor, change.folderId);
      await setMark(trx, key, { ...definedOf(change), ...(own ? { tags: own } : {}) });
      if (own) await indexOwnTags(trx, { ...key, tags: own });
    });
    return readMark(storage.db, key);
  }

  async #requireSeen(actor: Actor, characterId: string): Promise<void> {
    const seen = await readIndexRows(this.#context.storage.db, { userId: actor.userId, ids: [characterId] });
    if (seen.length === 0) throw new NotFoundError('There is no such character.');
  }

  async #open(
    { actor, locale }: Reader,
    { ids, talked }: { ids: readonly string[]; talked: boolean },
  ): Promise<LibraryCharacter[]> {
    const { db } = this.#context.storage;
    const { userId } = actor;
    const [rows, marks, linked, counts] = await Promise.all([
      readIndexRows(db, { userId, ids }),
      readMarks(db, { userId, characterIds: ids }),
      listLinkedToBooks(db, { userId, ids }),
      talked ? countTalked(db, { userId, ids }) : null,
    ]);
    const byId = new Map(rows.map((row) => [row.characterId, row]));
    return ids.flatMap((id) => {
      const row = byId.get(id);
      if (!row) return [];
      const { favourite, folderId, tags, lastUsedAt } = marks.get(id) ?? emptyMark();
      return {
        ...presentRow(row, { actor, locale }),
        favourite,
        folderId,
        ownTags: tags,
        lastUsedAt,
        hasLore: row.hasLore === 1 || linked.has(id),
        createdAt: row.createdAt,
        talked: counts && (counts.get(id) ?? 0),
      };
    });
  }
}

/** Refuses a folder that is not this person's. */
export async function requireFolder(trx: Trx, actor: Actor, folderId: string): Promise<void> {
  const folders = await listFolders(trx, actor.userId);
  if (!folders.some(({ id }) => id === folderId)) throw noFolder();
}

export function noFolder(): NotFoundError {
  return new NotFoundError('There is no such folder.', { code: 'folder-unknown', field: 'folderId' });
}

function presentRow(row: Row<'characterIndex'>, { actor, locale }: Reader): CharacterSummary {
  const text = indexedSummarySchema.parse(JSON.parse(locale === 'zh-CN' ? row.summaryZh : row.summaryEn));
  return {
    id: row.characterId,
    slug: row.slug,
    kind: text.kind,
    versionId: row.versionId,
    name: text.name,
    tagline: text.tagline,
    pictureUrl: row.pictureHash === null ? null : `/api/assets/${row.pictureHash}`,
    pictureAlt: text.alt,
    locales: localesSchema.parse(JSON.parse(row.locales)),
    starter: row.shelf === HOUSE_SHELF,
    mine: row.shelf === actor.userId,
    tags: text.tags,
    updatedAt: row.updatedAt,
  };
}

function scopeOf(actor: Actor, filter: LibraryFilter): LibraryScope {
  return {
    userId: actor.userId,
    search: filter.search ?? '',
    favourite: filter.favourite !== undefined,
    folder: filter.folder ?? null,
    tags: (filter.tags ?? '').split(',').filter(Boolean),
    match: filter.match,
    kind: filter.kind ?? null,
    lore: filter.lore !== undefined,
  };
}

function definedOf({ favourite, folderId }: Omit<UpdateMark, 'tags'>) {
  return { ...(favourite === undefined ? {} : { favourite }), ...(folderId === undefined ? {} : { folderId }) };
}

function toCursor({ named, value, nameKey, id }: LibraryPlace): string {
  return Buffer.from(JSON.stringify([named, value, nameKey, id])).toString('base64url');
}

function parseCursor(cursor: string): LibraryPlace {
  const parsed = placeSchema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!parsed.success) throw new InvalidInputError('This cursor is not one of ours.', { field: 'cursor' });
  const [named, value, nameKey, id] = parsed.data;
  return { named, value, nameKey, id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
