import { useTranslation } from 'react-i18next';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useWorldChange } from './use-world-change.ts';

/** Deletes at once and offers to undo; true when it is gone. */
export function useDeleteWorld(): (world: { id: string; name: string }) => Promise<boolean> {
  const { t } = useTranslation(['worlds', 'common']);
  const run = useWorldChange();
  return async ({ id, name }) => {
    const params = { id };
    if (!(await run(api.call('deleteWorld', { params })))) return false;
    const restore = { label: t('common:undo'), run: () => void run(api.call('restoreWorld', { params })) };
    showToast({ text: t('worlds:deleted', { name }), action: restore });
    return true;
  };
}
