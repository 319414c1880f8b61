import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { Sheet } from '../../ui/sheet.tsx';
import { QuickReplyList } from './quick-reply-list.tsx';

/** The person's own buttons, opened from a conversation. */
export function QuickReplyDialog({ here, onClose }: { here: Conversation; onClose: () => void }) {
  const { t } = useTranslation('compose');
  return (
    <Sheet title={t('quick.title')} onClose={onClose}>
      <QuickReplyList here={here} />
    </Sheet>
  );
}
