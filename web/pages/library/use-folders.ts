import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CharacterFolder } from '../../../contract/library.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';

/** What one does with folders. Deleting one undoes with what lay in it. */
export function useFolders(there: readonly CharacterFolder[]) {
  const { t } = useTranslation(['library', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['characters'] });
  const ids = there.map(({ id }) => id);

  return {
    placeOf: (id: string) => ({ isFirst: ids[0] === id, isLast: ids.at(-1) === id }),
    /** Rejects with `ApiError`. */
    create: async (name: string): Promise<CharacterFolder> => {
      const folder = await api.call('createCharacterFolder', { body: { name } });
      await refresh();
      return folder;
    },
    /** Rejects with `ApiError`. */
    rename: async (id: string, name: string): Promise<void> => {
      await api.call('renameCharacterFolder', { params: { id }, body: { name } });
      await refresh();
    },
    move: async (id: string, by: -1 | 1): Promise<void> => {
      const from = ids.indexOf(id);
      const order = ids.toSpliced(from, 1).toSpliced(from + by, 0, id);
      await guard(api.call('orderCharacterFolders', { body: { ids: order } }));
      await refresh();
    },
    remove: async ({ id, name }: CharacterFolder): Promise<void> => {
      const gone = await guard(api.call('deleteCharacterFolder', { params: { id } }));
      await refresh();
      if (gone === undefined) return;
      const restore = async () => {
        await guard(api.call('createCharacterFolder', { body: gone.undo }));
        await refresh();
      };
      const action = { label: t('common:undo'), run: () => void restore() };
      showToast({ text: t('library:folderDeleted', { name }), action });
    },
  };
}
