import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationState } from '../../../client/conversation-state.ts';
import { messageText } from '../../../client/message-text.ts';
import { formatNumber } from '../../state/format.ts';

/** Replies of the path that can be chosen from: more than anybody looks through. */
const MAX_REPLIES = 100;

/** Replies whose prompts can be compared with one: its other versions first, then the path's, the newest first. */
export function useReplyChoices(
  { known, path }: ConversationState,
  messageId: string | null,
): { id: string; label: string }[] {
  const { t } = useTranslation('inspector');
  return useMemo(() => {
    const message = messageId === null ? undefined : known.get(messageId);
    if (message === undefined) return [];
    const versions = message.siblings
      .map((id, index) => ({ id, label: t('version', { number: formatNumber(index + 1) }) }))
      // A version that was never loaded may have a prompt; one that is known to have none has not.
      .filter(({ id }) => id !== messageId && known.get(id)?.hasReceipt !== false);
    const earlier = path
      .filter(({ id, hasReceipt, deleted }) => hasReceipt && !deleted && !message.siblings.includes(id))
      .toReversed()
      .slice(0, MAX_REPLIES)
      .map((reply) => ({
        id: reply.id,
        label: t('earlier', { number: formatNumber(reply.depth + 1), words: firstWords(messageText(reply)) }),
      }));
    return [...versions, ...earlier];
  }, [known, path, messageId, t]);
}

function firstWords(text: string): string {
  const letters = Array.from(text.replace(/\s+/g, ' ').trim());
  return letters.length <= 40 ? letters.join('') : `${letters.slice(0, 40).join('')}…`;
}
