import type { z } from 'zod';
import type { CharacterFolder, createFolderSchema, deletedFolderSchema } from '../../../contract/library.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { ConflictError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import {
  deleteFolder,
  insertFolder,
  listFolders,
  placeFolder,
  renameFolder,
  type FolderRecord,
} from '../../character/folder-store.ts';
import { listSeen } from '../../character/library-list-store.ts';
import { setMarks } from '../../character/mark-store.ts';
import { countShelves } from '../../character/shelf-counts-store.ts';
import type { Storage, Trx } from '../../storage/storage.ts';
import { noFolder } from './shelves.ts';

/** More would be a list nobody finds anything in. */
const FOLDER_LIMIT = 500;

export interface FoldersContext {
  storage: Storage;
  clock: Clock;
  newId: NewId;
}

type NewFolder = z.output<typeof createFolderSchema>;
type DeletedFolder = z.output<typeof deletedFolderSchema>;

/** A person's folders. A character lies in one of them or in none; deleting a folder never deletes a character. */
export class Folders {
  readonly #context: FoldersContext;

  constructor(context: FoldersContext) {
    this.#context = context;
  }

  async list({ userId }: Actor): Promise<CharacterFolder[]> {
    const { db } = this.#context.storage;
    const [folders, { byFolder }] = await Promise.all([listFolders(db, userId), countShelves(db, userId)]);
    return folders.map(({ id, name }) => ({ id, name, count: byFolder.get(id) ?? 0 }));
  }

  async create({ userId }: Actor, { name, position, characterIds }: NewFolder): Promise<CharacterFolder> {
    const { storage, clock, newId } = this.#context;
    const id = newId();
    const filed = await storage.transaction(async (trx) => {
      const there = await listFolders(trx, userId);
      if (there.length >= FOLDER_LIMIT) {
        throw new ConflictError(`There are ${FOLDER_LIMIT} folders already.`, { code: 'folder-limit' });
      }
      const made = { id, ownerId: userId, name: name.trim(), position: there.length, createdAt: clock.now() };
      await insertFolder(trx, made);
      if (position !== undefined) await arrange(trx, userId, inserted(there, { at: position, folder: made }));
      const seen = await listSeen(trx, { userId, ids: characterIds });
      await setMarks(trx, { userId, characterIds: seen, change: { folderId: id } });
      return seen.length;
    });
    return { id, name: name.trim(), count: filed };
  }

  async rename({ userId }: Actor, id: string, name: string): Promise<void> {
    const renamed = await renameFolder(this.#context.storage.db, { id, ownerId: userId, name: name.trim() });
    if (!renamed) throw noFolder();
  }

  /** The folders named come first, in that order; others keep theirs behind them. */
  async order({ userId }: Actor, ids: readonly string[]): Promise<void> {
    await this.#context.storage.transaction(async (trx) => {
      const there = await listFolders(trx, userId);
      const byId = new Map(there.map((folder) => [folder.id, folder]));
      const named = [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
      if (named.length < new Set(ids).size) throw noFolder();
      await arrange(trx, userId, [...named, ...there.filter(({ id }) => !ids.includes(id))]);
    });
  }

  /** Returns what makes it again, with what lay in it. */
  async delete({ userId }: Actor, id: string): Promise<DeletedFolder['undo']> {
    return this.#context.storage.transaction(async (trx) => {
      const there = await listFolders(trx, userId);
      const position = there.findIndex((folder) => folder.id === id);
      const characterIds = await deleteFolder(trx, { id, ownerId: userId });
      const folder = there[position];
      if (!characterIds || !folder) throw noFolder();
      return { name: folder.name, position, characterIds };
    });
  }
}

function inserted(
  there: readonly FolderRecord[],
  { at, folder }: { at: number; folder: FolderRecord },
): FolderRecord[] {
  return [...there.slice(0, at), folder, ...there.slice(at)];
}

async function arrange(trx: Trx, ownerId: string, folders: readonly FolderRecord[]): Promise<void> {
  for (const [position, { id, position: before }] of folders.entries()) {
    if (position !== before) await placeFolder(trx, { id, ownerId, position });
  }
}
