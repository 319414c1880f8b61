import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationSession } from '../../../client/conversation-session.ts';
import { hasOlder } from '../../../client/conversation-state.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import { showToast } from '../../state/toasts.ts';

const route = getRouteApi('/inside/frame/c/$conversationId');

/**
 * The message that the address asks for, once it is among those loaded; older pages are read until it is, or until the
 * conversation's beginning says that it is on another branch.
 */
export function useSoughtMessage(session: ConversationSession, state: ConversationState): string | null {
  const { t } = useTranslation('memory');
  const { message } = route.useSearch();
  const there = message !== undefined && state.path.some(({ id }) => id === message);
  const older = hasOlder(state);
  const first = state.path[0]?.id;
  useEffect(() => {
    if (message === undefined || there || first === undefined) return;
    if (older) session.loadOlder().catch(() => undefined);
    else showToast({ text: t('source.offPath') });
    // oxlint-disable-next-line react/exhaustive-deps -- `t` only words what is told
  }, [message, there, older, first, session]);
  return there ? message : null;
}
