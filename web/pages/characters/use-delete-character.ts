import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CharacterSummary } from '../../../contract/characters.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useErrorText } from '../../state/use-error-text.ts';

/** Deletes at once and offers to undo. */
export function useDeleteCharacter(): (character: CharacterSummary) => Promise<void> {
  const { t } = useTranslation(['characters', 'common']);
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['characters'] });
  const guard = (work: Promise<unknown>) =>
    work.catch((error: unknown) => showToast({ kind: 'error', text: errorText(error) }));

  return async ({ id, name }) => {
    const restore = async () => {
      await api.call('restoreCharacter', { params: { id } });
      await refresh();
    };
    const remove = async () => {
      await api.call('deleteCharacter', { params: { id } });
      await refresh();
      await navigate({ to: '/characters' });
      const action = { label: t('common:undo'), run: () => void guard(restore()) };
      showToast({ text: t('characters:deletedToast', { name }), action });
    };
    await guard(remove());
  };
}
