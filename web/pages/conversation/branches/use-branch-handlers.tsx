import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Suspense, lazy, useMemo, useRef, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationSession } from '../../../../client/conversation-session.ts';
import type { Conversation } from '../../../../contract/conversations.ts';
import { api, newClientId } from '../../../state/api.ts';
import { showToast } from '../../../state/toasts.ts';
import { useErrorText } from '../../../state/use-error-text.ts';
import type { MessageHandlers } from '../message-handlers.ts';

const MarkDialog = lazy(async () => ({ default: (await import('../../tree/mark-dialog.tsx')).MarkDialog }));
const VersionsSheet = lazy(async () => ({ default: (await import('./versions-sheet.tsx')).VersionsSheet }));

export type BranchHandlers = Pick<
  MessageHandlers,
  'branchHere' | 'keepCheckpoint' | 'branchOff' | 'showVersions' | 'toggleSelected'
>;

interface BranchOptions {
  session: ConversationSession;
  conversation: Conversation;
  toggleSelected: (messageId: string) => void;
}

type Open = { what: 'mark' | 'versions'; messageId: string } | null;

/** What a message's menu does with branches, and the dialogs it opens. */
export function useBranchHandlers({ session, conversation, toggleSelected }: BranchOptions): {
  branches: BranchHandlers;
  branchDialogs: ReactNode;
} {
  const { t } = useTranslation(['tree', 'common']);
  const errorText = useErrorText();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState<Open>(null);
  const latest = useRef(conversation);
  useEffect(() => {
    latest.current = conversation;
  });
  const branches = useMemo((): BranchHandlers => {
    const guard = (work: Promise<unknown>) =>
      work.catch((error: unknown) => void showToast({ kind: 'error', text: errorText(error) }));
    const branchHere = async (messageId: string) => {
      const { leafId } = session.getState();
      await session.choose(messageId, { endHere: true });
      const back = leafId === null ? null : () => void guard(session.choose(leafId, { endHere: true }));
      showToast({ text: t('tree:branched'), action: back && { label: t('common:undo'), run: back } });
    };
    const branchOff = async (messageId: string) => {
      const { id, title } = latest.current;
      const body = { messageId, title: t('tree:branchTitle', { title }).slice(0, 200), clientId: newClientId() };
      const copy = await api.call('branchOff', { params: { id }, body });
      await queryClient.invalidateQueries({ queryKey: ['conversations'] });
      await navigate({ to: '/c/$conversationId', params: { conversationId: copy.id } });
      showToast({ text: t('tree:branchedOff') });
    };
    return {
      branchHere: (messageId) => void guard(branchHere(messageId)),
      branchOff: (messageId) => void guard(branchOff(messageId)),
      keepCheckpoint: (messageId) => setOpen({ what: 'mark', messageId }),
      showVersions: (messageId) => setOpen({ what: 'versions', messageId }),
      toggleSelected,
    };
    // oxlint-disable-next-line react/exhaustive-deps -- `errorText` follows `t`, which changes with the language
  }, [session, toggleSelected, navigate, queryClient, t]);
  const close = () => setOpen(null);
  const branchDialogs = (
    <Suspense>
      {open?.what === 'mark' && (
        <MarkDialog
          conversationId={conversation.id}
          request={{ kind: 'checkpoint', messageId: open.messageId }}
          onClose={close}
          onSaved={() => showToast({ text: t('tree:kept') })}
        />
      )}
      {open?.what === 'versions' && (
        <VersionsSheet {...{ session, conversation }} messageId={open.messageId} onClose={close} />
      )}
    </Suspense>
  );
  return { branches, branchDialogs };
}
