import { CloseButton } from '@mantine/core';
import { Suspense, lazy } from 'react';
import { useTranslation } from 'react-i18next';
import type { CharacterSummary } from '../../../contract/characters.ts';
import { ReceiptContent } from './receipt-content.tsx';
import classes from './receipt.module.css';

const ReceiptSheet = lazy(async () => ({ default: (await import('./receipt-sheet.tsx')).ReceiptSheet }));

export interface ReceiptPanelProps {
  narrow: boolean;
  open: boolean;
  messageId: string | null;
  /** Whose reply it is. */
  character: CharacterSummary;
  onClose: () => void;
  /** Opens the exact prompt of a reply. */
  onInspect: (messageId: string) => void;
}

/** "Why this reply?": a column beside the conversation, or a sheet from below on a phone. */
export function ReceiptPanel({ narrow, open, messageId, character, onClose, onInspect }: ReceiptPanelProps) {
  const { t } = useTranslation(['talk', 'common']);
  if (narrow) {
    return <Suspense>{open && <ReceiptSheet {...{ messageId, character, onClose, onInspect }} />}</Suspense>;
  }
  if (!open) return null;
  return (
    <aside className={classes['side']} aria-label={t('talk:receipt.title')}>
      <div className={classes['sideHead']}>
        <h2>{t('talk:receipt.title')}</h2>
        <CloseButton aria-label={t('common:close')} onClick={onClose} />
      </div>
      <ReceiptContent {...{ messageId, character, onInspect }} />
    </aside>
  );
}
