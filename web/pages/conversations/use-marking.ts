import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ConversationAction, ConversationOperation } from '../../../contract/organising.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';

/** Folders, tags and counts. */
export const organisedQuery = queryOptions({
  queryKey: ['organised'],
  queryFn: ({ signal }) => api.call('organisedConversations', { signal }),
});

/** Changes how conversations are kept and offers to undo it: one notice, one request back. */
export function useMarking(): (ids: readonly string[], action: ConversationAction) => Promise<void> {
  const { t } = useTranslation(['list', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();

  async function send(operations: ConversationOperation[]) {
    const result = await guard(api.call('changeConversations', { body: { operations } }));
    await queryClient.invalidateQueries({ queryKey: ['conversations'] });
    await queryClient.invalidateQueries({ queryKey: organisedQuery.queryKey });
    return result;
  }

  return async (ids, action) => {
    const result = await send([{ ids: [...ids], action }]);
    if (result === undefined || result.undo.length === 0) return;
    const back = { label: t('common:undo'), run: () => void send(result.undo) };
    showToast({ text: t('list:keep.changed'), action: back });
  };
}
