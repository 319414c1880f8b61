import { Drawer, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsNarrow } from '../state/use-is-narrow.ts';
import classes from './sheet.module.css';

export interface SheetProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog in the middle of wide screens, a sheet from below near the thumb on narrow ones. */
export function Sheet({ title, onClose, children }: SheetProps) {
  const { t } = useTranslation();
  const narrow = useIsNarrow();
  const shared = { opened: true, onClose, title, closeButtonProps: { 'aria-label': t('close') } };
  if (!narrow) {
    return (
      <Modal {...shared} centered>
        {children}
      </Modal>
    );
  }
  return (
    <Drawer {...shared} position="bottom" size="auto" classNames={{ content: classes['sheet'] ?? '' }}>
      {children}
    </Drawer>
  );
}
