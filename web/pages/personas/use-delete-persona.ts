import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Persona } from '../../../contract/personas.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';

/** Deletes at once and offers to undo; true when it is gone. */
export function useDeletePersona(): (persona: Pick<Persona, 'id' | 'name'>) => Promise<boolean> {
  const { t } = useTranslation(['personas', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['personas'] });
  return async ({ id, name }) => {
    const params = { id };
    if ((await guard(api.call('deletePersona', { params }))) === undefined) return false;
    await refresh();
    const restore = async () => {
      await guard(api.call('restorePersona', { params }));
      await refresh();
    };
    const action = { label: t('common:undo'), run: () => void restore() };
    showToast({ text: t('personas:deletedToast', { name }), action });
    return true;
  };
}
