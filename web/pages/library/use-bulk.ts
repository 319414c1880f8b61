import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { BulkAction, BulkOperation } from '../../../contract/library.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';

/** Changes many characters at once and offers to undo it: one notice, one request back. */
export function useBulk(): (ids: readonly string[], action: BulkAction) => Promise<boolean> {
  const { t } = useTranslation(['library', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();

  async function send(operations: BulkOperation[]) {
    const result = await guard(api.call('libraryBulk', { body: { operations } }));
    await queryClient.invalidateQueries({ queryKey: ['characters'] });
    return result;
  }

  return async (ids, action) => {
    const result = await send([{ ids: [...ids], action }]);
    if (result === undefined) return false;
    const { changed, skipped, undo } = result;
    const text = [
      changed === 0 ? t('library:done.nothing') : t(`library:done.${action.type}`, { count: changed }),
      ...(skipped === 0 ? [] : [t('library:done.skipped', { count: skipped })]),
    ].join(' ');
    const back = { label: t('common:undo'), run: () => void send(undo) };
    showToast({ text, action: undo.length === 0 ? null : back });
    return true;
  };
}
