import { Button, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ImportedLorebook } from '../../../contract/books.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Stack } from '../../ui/stack.tsx';
import { useBookActions } from './use-book-actions.ts';

export interface ImportRemarksProps {
  imported: ImportedLorebook;
  fileName: string;
  onClose: () => void;
}

/** What was noticed while a book was read. */
export function ImportRemarks({ imported, fileName, onClose }: ImportRemarksProps) {
  const { t } = useTranslation(['books', 'common']);
  const { open, nameOf } = useBookActions();
  const { book, format, warnings, sameAs } = imported;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('books:importRemarks.title', { name: nameOf(book) })}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      centered
    >
      <Stack>
        <p>{t('books:importRemarks.body', { file: fileName, format: t(`books:formats.${format}`) })}</p>
        <ul>
          {sameAs !== null && <li>{t('books:importRemarks.same', { name: nameOf(sameAs) })}</li>}
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      </Stack>
      <ButtonRow>
        <Button variant="default" onClick={onClose}>
          {t('common:close')}
        </Button>
        <Button
          data-autofocus
          onClick={() => {
            onClose();
            void open(book.id);
          }}
        >
          {t('books:importRemarks.open')}
        </Button>
      </ButtonRow>
    </Modal>
  );
}
