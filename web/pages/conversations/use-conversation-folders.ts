import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ConversationFolder, FolderColour } from '../../../contract/organising.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';
import { refreshLists } from './change-lists.ts';
import { organisedQuery } from './use-marking.ts';

/** A folder with those in it. */
export interface FolderBranch {
  folder: ConversationFolder;
  inner: ConversationFolder[];
}

/** One's folders, and what one does with them. Deleting one undoes with what lay in it. */
export function useConversationFolders() {
  const { t } = useTranslation(['list', 'common']);
  const { data } = useQuery(organisedQuery);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const folders = data?.folders ?? [];
  const refresh = async () => {
    await queryClient.invalidateQueries({ queryKey: organisedQuery.queryKey });
    await refreshLists(queryClient);
  };

  return {
    folders,
    tree: treeOf(folders),
    /** With the folder it lies in. */
    pathOf: ({ name, parentId }: ConversationFolder): string => {
      const parent = folders.find(({ id }) => id === parentId);
      return parent === undefined ? name : t('list:folders.path', { parent: parent.name, name });
    },
    placeOf: (folder: ConversationFolder) => {
      const siblings = siblingsOf(folders, folder);
      return { isFirst: siblings[0] === folder.id, isLast: siblings.at(-1) === folder.id };
    },
    /** Rejects with `ApiError`. Returns its id. */
    create: async (name: string, parentId: string | null = null): Promise<string> => {
      const { id } = await api.call('createConversationFolder', { body: { name, parentId } });
      await refresh();
      return id;
    },
    /** Rejects with `ApiError`. */
    change: async (
      { id }: ConversationFolder,
      body: { name?: string; colour?: FolderColour; parentId?: string | null },
    ): Promise<void> => {
      await api.call('changeConversationFolder', { params: { id }, body });
      await refresh();
    },
    move: async (folder: ConversationFolder, by: -1 | 1): Promise<void> => {
      await guard(api.call('orderConversationFolders', { body: { ids: moved(folders, folder, by) } }));
      await refresh();
    },
    remove: async ({ id, name }: ConversationFolder): Promise<void> => {
      const gone = await guard(api.call('deleteConversationFolder', { params: { id } }));
      await refresh();
      if (gone === undefined) return;
      const restore = async () => {
        await guard(api.call('createConversationFolder', { body: gone.undo }));
        await refresh();
      };
      const action = { label: t('common:undo'), run: () => void restore() };
      showToast({ text: t('list:folders.deleted', { name }), action });
    },
  };
}

function treeOf(folders: readonly ConversationFolder[]): FolderBranch[] {
  return folders
    .filter(({ parentId }) => parentId === null)
    .map((folder) => ({ folder, inner: folders.filter(({ parentId }) => parentId === folder.id) }));
}

/** Ids of those in the same folder, in order. */
function siblingsOf(folders: readonly ConversationFolder[], { parentId }: ConversationFolder): string[] {
  return folders.filter((folder) => folder.parentId === parentId).map(({ id }) => id);
}

/** All ids, one changed places with the sibling before or after it. */
function moved(folders: readonly ConversationFolder[], folder: ConversationFolder, by: -1 | 1): string[] {
  const siblings = siblingsOf(folders, folder);
  const other = siblings[siblings.indexOf(folder.id) + by] ?? folder.id;
  return folders.map(({ id }) => (id === folder.id ? other : id === other ? folder.id : id));
}
