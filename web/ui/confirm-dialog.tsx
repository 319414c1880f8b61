import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ButtonRow } from './button-row.tsx';

export interface ConfirmDialogProps {
  title: string;
  body: ReactNode;
  confirmLabel: string;
  disabled?: boolean;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/** For what cannot be undone; what can be is done at once with an Undo. */
export function ConfirmDialog({ title, body, confirmLabel, disabled = false, onConfirm, onClose }: ConfirmDialogProps) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('close') }} centered>
      <div>{body}</div>
      <ButtonRow>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('cancel')}
        </Button>
        <Button
          disabled={disabled}
          loading={busy}
          onClick={() => {
            setBusy(true);
            void onConfirm().finally(onClose);
          }}
        >
          {confirmLabel}
        </Button>
      </ButtonRow>
    </Modal>
  );
}
