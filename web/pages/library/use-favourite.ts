import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import type { LibraryCharacter, LibraryPage } from '../../../contract/library.ts';
import { api } from '../../state/api.ts';
import { useGuard } from '../../state/use-guard.ts';

/** Marks a favourite at once; lists that are open change in place instead of being read again. */
export function useFavourite(): (character: Pick<LibraryCharacter, 'id' | 'favourite'>) => Promise<void> {
  const queryClient = useQueryClient();
  const guard = useGuard();
  const show = (id: string, favourite: boolean) =>
    queryClient.setQueriesData<InfiniteData<LibraryPage>>(
      { queryKey: ['characters', 'library'] },
      (data) =>
        data && {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            characters: page.characters.map((one) => (one.id === id ? { ...one, favourite } : one)),
          })),
        },
    );
  return async ({ id, favourite }) => {
    show(id, !favourite);
    const saved = await guard(api.call('updateCharacterMark', { params: { id }, body: { favourite: !favourite } }));
    if (saved === undefined) show(id, favourite);
    await queryClient.invalidateQueries({ queryKey: ['characters', 'overview'] });
    await queryClient.invalidateQueries({ queryKey: ['character', id, 'details'] });
  };
}
