import { Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ReceiptContent } from './receipt-content.tsx';
import type { ReceiptPanelProps } from './receipt-panel.tsx';
import classes from './receipt.module.css';

/** The receipt on a phone: a sheet from below. */
export function ReceiptSheet({ messageId, character, onClose, onInspect }: Omit<ReceiptPanelProps, 'narrow' | 'open'>) {
  const { t } = useTranslation(['talk', 'common']);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="bottom"
      size="72dvh"
      title={t('talk:receipt.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      classNames={{ content: classes['sheet'] ?? '' }}
    >
      <ReceiptContent {...{ messageId, character, onInspect }} />
    </Drawer>
  );
}
