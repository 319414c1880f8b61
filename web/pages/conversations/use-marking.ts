import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ConversationAction, ConversationOperation } from '../../../contract/organising.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';
import { changeLists, refreshLists } from './change-lists.ts';

/** Folders, tags and counts. */
export const organisedQuery = queryOptions({
  queryKey: ['organised'],
  queryFn: ({ signal }) => api.call('organisedConversations', { signal }),
});

/**
 * Changes how conversations are kept and offers to undo it: one notice, one request back. What changes is seen at once.
 * True where it was done.
 */
export function useMarking(): (ids: readonly string[], ...actions: ConversationAction[]) => Promise<boolean> {
  const guard = useGuard();
  const queryClient = useQueryClient();
  const describe = useDoneText();
  const { t } = useTranslation('common');

  async function send(operations: ConversationOperation[]) {
    const result = await guard(api.call('changeConversations', { body: { operations } }));
    await refreshLists(queryClient);
    await queryClient.invalidateQueries({ queryKey: organisedQuery.queryKey });
    return result;
  }

  async function undo(operations: ConversationOperation[]): Promise<void> {
    for (const { ids, action } of operations) changeLists(queryClient, ids, action);
    await send(operations);
    // What comes back into a long list has its place there by the server's order.
    await queryClient.resetQueries({ queryKey: ['conversations'], predicate: ({ state }) => state.isInvalidated });
  }

  return async (ids, ...actions) => {
    const [first] = actions;
    if (first === undefined || ids.length === 0) return false;
    for (const action of actions) changeLists(queryClient, ids, action);
    const result = await send(actions.map((action) => ({ ids: [...ids], action })));
    if (result === undefined || result.undo.length === 0) return result !== undefined;
    showToast({
      text: describe(first, result.changed),
      action: { label: t('undo'), run: () => void undo(result.undo) },
    });
    return true;
  };
}

/** What was done to how many, in one sentence. */
function useDoneText(): (action: ConversationAction, count: number) => string {
  const { t } = useTranslation('list');
  return (action, count) => {
    switch (action.type) {
      case 'favourite':
        return action.value ? t('done.favoured', { count }) : t('done.unfavoured', { count });
      case 'pin':
        return action.value ? t('done.pinned', { count }) : t('done.unpinned', { count });
      case 'archive':
        return action.value ? t('done.archived', { count }) : t('done.unarchived', { count });
      case 'mute':
        return action.value ? t('done.muted', { count }) : t('done.unmuted', { count });
      case 'move':
        return action.folderId === null ? t('done.takenOut', { count }) : t('done.moved', { count });
      case 'add-tags':
      case 'remove-tags':
        return t('done.tagged', { count });
      case 'delete':
        return t('done.deleted', { count });
      case 'restore':
        return t('done.restored', { count });
      default:
        return action satisfies never;
    }
  };
}
