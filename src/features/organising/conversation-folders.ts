import type { z } from 'zod';
import {
  CONVERSATION_FOLDER_LIMIT,
  folderColourSchema,
  type changeConversationFolderSchema,
  type createConversationFolderSchema,
  type deletedConversationFolderSchema,
  type OrganisedConversations,
} from '../../../contract/organising.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../base/errors.ts';
import {
  changeConversationFolder,
  deleteConversationFolder,
  insertConversationFolder,
  listConversationFolders,
  type ConversationFolderRecord,
} from '../../conversation/conversation-folder-store.ts';
import { setConversationMarks } from '../../conversation/conversation-mark-store.ts';
import { countMarks } from '../../conversation/mark-counts-store.ts';
import { listReadable } from '../../conversation/readable-store.ts';
import type { Trx } from '../../storage/storage.ts';
import type { OrganisingContext } from './organising-context.ts';

type NewFolder = z.output<typeof createConversationFolderSchema>;
type FolderChange = z.output<typeof changeConversationFolderSchema>;
type UndoDelete = z.output<typeof deletedConversationFolderSchema>['undo'];

/** A person's folders of conversations, nested once. Deleting a folder never deletes a conversation. */
export class ConversationFolders {
  readonly #context: OrganisingContext;

  constructor(context: OrganisingContext) {
    this.#context = context;
  }

  /** Folders, tags and counts: what a list of conversations can be narrowed to. */
  async list({ userId }: Actor): Promise<OrganisedConversations> {
    const { db } = this.#context.storage;
    const [folders, counts] = await Promise.all([listConversationFolders(db, userId), countMarks(db, userId)]);
    return {
      folders: folders.map(({ id, name, parentId, colour }) => ({
        id,
        name,
        parentId,
        colour: folderColourSchema.catch('ember').parse(colour),
        count: counts.byFolder.get(id) ?? 0,
      })),
      tags: [...counts.byTag].map(([tag, count]) => ({ tag, count })).toSorted((a, b) => a.tag.localeCompare(b.tag)),
      archived: counts.archived,
      favourites: counts.favourites,
    };
  }

  /** Returns the new folder's id. */
  async create({ userId }: Actor, folder: NewFolder): Promise<{ id: string }> {
    const { storage, clock, newId } = this.#context;
    const id = newId();
    await storage.transaction(async (trx) => {
      const there = await listConversationFolders(trx, userId);
      if (there.length >= CONVERSATION_FOLDER_LIMIT) {
        throw new ConflictError(`There are ${CONVERSATION_FOLDER_LIMIT} folders already.`, { code: 'folder-limit' });
      }
      requireTop(there, folder.parentId);
      const { name, parentId, colour } = folder;
      const made = { id, ownerId: userId, name: name.trim(), parentId, colour, createdAt: clock.now() };
      await insertConversationFolder(trx, { ...made, position: there.length });
      const at = folder.position ?? there.length;
      const order = [...there.slice(0, at).map((one) => one.id), id, ...there.slice(at).map((one) => one.id)];
      if (folder.position !== undefined) await arrange(trx, userId, order);
      const conversationIds = await listReadable(trx, { userId, ids: folder.conversationIds });
      await setConversationMarks(trx, { userId, conversationIds, change: { folderId: id } });
      for (const child of parentId === null ? folder.folderIds : []) {
        await changeConversationFolder(trx, { id: child, ownerId: userId }, { parentId: id });
      }
    });
    return { id };
  }

  async change({ userId }: Actor, id: string, { name, parentId, colour }: FolderChange): Promise<void> {
    await this.#context.storage.transaction(async (trx) => {
      const there = await listConversationFolders(trx, userId);
      requireFolder(there, id);
      if (parentId !== undefined && parentId !== null) {
        requireTop(there, parentId);
        if (parentId === id || there.some((folder) => folder.parentId === id)) throw tooDeep();
      }
      await changeConversationFolder(
        trx,
        { id, ownerId: userId },
        {
          ...(name === undefined ? {} : { name: name.trim() }),
          ...(parentId === undefined ? {} : { parentId }),
          ...(colour === undefined ? {} : { colour }),
        },
      );
    });
  }

  /** The folders named come first, in that order; others keep theirs behind them. */
  async order({ userId }: Actor, ids: readonly string[]): Promise<void> {
    await this.#context.storage.transaction(async (trx) => {
      const there = await listConversationFolders(trx, userId);
      for (const id of ids) requireFolder(there, id);
      const rest = there.map((folder) => folder.id).filter((id) => !ids.includes(id));
      await arrange(trx, userId, [...new Set(ids), ...rest]);
    });
  }

  /** Returns what makes it again, with what lay in it. */
  async delete({ userId }: Actor, id: string): Promise<UndoDelete> {
    return this.#context.storage.transaction(async (trx) => {
      const there = await listConversationFolders(trx, userId);
      const folder = requireFolder(there, id);
      const left = await deleteConversationFolder(trx, { id, ownerId: userId });
      return {
        name: folder.name,
        parentId: folder.parentId,
        colour: folderColourSchema.catch('ember').parse(folder.colour),
        position: there.indexOf(folder),
        ...left,
      };
    });
  }
}

/** The folder, or "there is none". */
export function requireFolder(there: readonly ConversationFolderRecord[], id: string): ConversationFolderRecord {
  const folder = there.find((one) => one.id === id);
  if (!folder) throw new NotFoundError('There is no such folder.');
  return folder;
}

function requireTop(there: readonly ConversationFolderRecord[], parentId: string | null): void {
  if (parentId === null) return;
  const parent = there.find((one) => one.id === parentId);
  if (!parent) throw new NotFoundError('There is no such folder.', { field: 'parentId' });
  if (parent.parentId !== null) throw tooDeep();
}

function tooDeep(): InvalidInputError {
  return new InvalidInputError('Folders nest once: choose a folder at the top.', { field: 'parentId' });
}

async function arrange(trx: Trx, ownerId: string, ids: readonly string[]): Promise<void> {
  for (const [position, id] of ids.entries()) await changeConversationFolder(trx, { id, ownerId }, { position });
}
