import { Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { InspectorContent } from './inspector-content.tsx';
import type { ReplyChoice } from './inspector-content.tsx';
import classes from './inspector.module.css';

export interface InspectorDrawerProps {
  messageId: string;
  /** Other replies to compare with, the nearest first. */
  replies: readonly ReplyChoice[];
  onClose: () => void;
}

/** The exact prompt of a reply: a wide drawer beside the conversation, the whole screen on a phone. */
export function InspectorDrawer({ messageId, replies, onClose }: InspectorDrawerProps) {
  const { t } = useTranslation(['inspector', 'common']);
  const narrow = useIsNarrow();
  return (
    <Drawer
      opened
      onClose={onClose}
      position={narrow ? 'bottom' : 'right'}
      size={narrow ? '100dvh' : 'min(1120px, 94vw)'}
      title={t('inspector:title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      classNames={{ content: classes['drawer'] ?? '', body: classes['body'] ?? '' }}
    >
      <InspectorContent messageId={messageId} replies={replies} />
    </Drawer>
  );
}
