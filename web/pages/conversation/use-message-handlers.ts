import { useMemo } from 'react';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationSession } from '../../../client/conversation-session.ts';
import { messageText } from '../../../client/message-text.ts';
import { copyText } from '../../state/copy-text.ts';
import { showToast } from '../../state/toasts.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import type { ForgetRequest } from './memory/message-memory-dialogs.tsx';
import type { BranchHandlers } from './branches/use-branch-handlers.tsx';
import type { MessageHandlers } from './message-handlers.ts';
import type { ComposerControl } from './use-composer.ts';

interface HandlerOptions {
  session: ConversationSession;
  startEdit: (messageId: string) => void;
  endEdit: () => void;
  showReceipt: (messageId: string) => void;
  askForget: (request: ForgetRequest) => void;
  /** The same object as long as the session lives. */
  branches: BranchHandlers;
  composer: RefObject<ComposerControl | null>;
}

export type GuardedHandlers = MessageHandlers & { guard: (work: Promise<void>) => Promise<boolean> };

/** The controls' actions, the same object as long as the session lives, so that rows need not render again. */
export function useMessageHandlers({
  session,
  startEdit,
  endEdit,
  showReceipt,
  askForget,
  branches,
  composer,
}: HandlerOptions): GuardedHandlers {
  const { t } = useTranslation(['talk', 'common']);
  const errorText = useErrorText();
  return useMemo(() => {
    const guard = async (work: Promise<void>): Promise<boolean> => {
      try {
        await work;
        return true;
      } catch (error) {
        showToast({ kind: 'error', text: errorText(error) });
        return false;
      }
    };
    const restore = (messageId: string) => void guard(session.restore(messageId));
    return {
      ...branches,
      guard,
      restore,
      regenerate: (messageId) => void guard(session.startReply('regenerate', messageId)),
      continueReply: (messageId) => void guard(session.startReply('continue', messageId)),
      answer: (messageId) => void guard(session.startReply('answer', messageId)),
      choose: (messageId) => void guard(session.choose(messageId)),
      startEdit,
      cancelEdit: endEdit,
      saveEdit: async (edit) => {
        const saved = await guard(session.edit(edit));
        if (saved) endEdit();
        return saved;
      },
      remove: async (messageId) => {
        if (!(await guard(session.remove(messageId)))) return;
        const action = { label: t('common:undo'), run: () => restore(messageId) };
        showToast({ text: t('talk:deletedToast'), action });
      },
      setHidden: (messageId, hidden) => void guard(session.setHidden(messageId, hidden)),
      copy: async (message) => {
        if (await copyText(messageText(message))) showToast({ text: t('common:copied') });
      },
      forget: (message, never) => askForget({ message, never }),
      showReceipt,
      impersonate: () => composer.current?.impersonate(),
      suggest: () => composer.current?.suggest(),
    };
    // oxlint-disable-next-line react/exhaustive-deps -- `errorText` follows `t`, which changes with the language
  }, [session, startEdit, endEdit, showReceipt, askForget, branches, composer, t]);
}
