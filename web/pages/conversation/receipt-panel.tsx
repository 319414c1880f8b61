import { CloseButton, Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ReceiptContent } from './receipt-content.tsx';
import classes from './receipt.module.css';

export interface ReceiptPanelProps {
  narrow: boolean;
  open: boolean;
  messageId: string | null;
  onClose: () => void;
}

/** "Why this reply?": a column beside the conversation, or a sheet from below on a phone. */
export function ReceiptPanel({ narrow, open, messageId, onClose }: ReceiptPanelProps) {
  const { t } = useTranslation(['talk', 'common']);
  if (narrow) {
    return (
      <Drawer
        opened={open}
        onClose={onClose}
        position="bottom"
        size="72dvh"
        title={t('talk:receipt.title')}
        closeButtonProps={{ 'aria-label': t('common:close') }}
        classNames={{ content: classes['sheet'] ?? '' }}
      >
        <ReceiptContent messageId={messageId} />
      </Drawer>
    );
  }
  if (!open) return null;
  return (
    <aside className={classes['side']} aria-label={t('talk:receipt.title')}>
      <div className={classes['sideHead']}>
        <h2>{t('talk:receipt.title')}</h2>
        <CloseButton aria-label={t('common:close')} onClick={onClose} />
      </div>
      <ReceiptContent messageId={messageId} />
    </aside>
  );
}
