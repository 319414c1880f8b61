import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { changeLists, refreshLists } from './change-lists.ts';
import { useErrorText } from '../../state/use-error-text.ts';

/** Deletes at once and offers to undo; leaves the conversation's page when it is open. */
export function useDeleteConversation(): (conversation: Conversation) => Promise<void> {
  const { t } = useTranslation(['list', 'common']);
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const refresh = () => refreshLists(queryClient);
  const guard = (work: Promise<unknown>) =>
    work.catch((error: unknown) => showToast({ kind: 'error', text: errorText(error) }));

  return async ({ id, title }) => {
    const restore = async () => {
      await api.call('restoreConversation', { params: { id } });
      await queryClient.resetQueries({ queryKey: ['conversations'] });
      await navigate({ to: '/c/$conversationId', params: { conversationId: id } });
    };
    const remove = async () => {
      if (pathname === `/c/${id}`) await navigate({ to: '/' });
      await api.call('deleteConversation', { params: { id } });
      changeLists(queryClient, [id], { type: 'delete' });
      await refresh();
      const action = { label: t('common:undo'), run: () => void guard(restore()) };
      showToast({ text: t('list:deletedToast', { title }), action });
    };
    await guard(remove());
  };
}
