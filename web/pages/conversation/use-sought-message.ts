import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationSession } from '../../../client/conversation-session.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { MessagePage } from '../../../contract/messages.ts';
import { showToast } from '../../state/toasts.ts';

const route = getRouteApi('/inside/frame/c/$conversationId');

export interface SoughtMessage {
  /** The message that the address asks for, once it is among those shown. */
  id: string | null;
  /** What stands around it where it is on another branch: the path moves only when the reader agrees. */
  elsewhere: { messageId: string; page: MessagePage } | null;
  dismiss: () => void;
}

/** Goes to the message that the address asks for: around it, however far back, or a look at its branch. */
export function useSoughtMessage(session: ConversationSession, state: ConversationState): SoughtMessage {
  const { t } = useTranslation('search');
  const { message } = route.useSearch();
  const [elsewhere, setElsewhere] = useState<SoughtMessage['elsewhere']>(null);
  const asked = useRef<string | null>(null);
  const there = message !== undefined && state.path.some(({ id }) => id === message);
  const { loaded } = state;
  useEffect(() => {
    // Once it was reached the reader goes on from there, and may leave it behind.
    const before = asked.current;
    if (loaded) asked.current = message ?? null;
    if (message === undefined || there || !loaded || before === message) return;
    session.seek(message).then(
      (page) => setElsewhere(page.onPath ? null : { messageId: message, page }),
      () => showToast({ text: t('notThere') }),
    );
    // oxlint-disable-next-line react/exhaustive-deps -- `t` only words what is told
  }, [message, there, loaded, session]);
  return { id: there ? message : null, elsewhere, dismiss: () => setElsewhere(null) };
}
