import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../client/api-error.ts';
import type { LoreLink } from '../../../contract/lore.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { showToast } from '../../state/toasts.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { AttachDialog } from './attach-dialog.tsx';

export interface PutIntoCardProps {
  bookId: string;
  bookName: string;
  onClose: () => void;
}

/** Chooses a character whose card shall carry a copy of the book; asks before a book there is replaced. */
export function PutIntoCard({ bookId, bookName, onClose }: PutIntoCardProps) {
  const { t } = useTranslation('books');
  const errorText = useErrorText();
  const [full, setFull] = useState<LoreLink | null>(null);

  async function put(target: LoreLink, replace: boolean): Promise<void> {
    try {
      const params = { id: bookId };
      const body = { characterId: target.id, replace };
      await api.call('putLorebookIntoCard', { params, body, query: { locale: currentLocale() } });
      showToast({ text: t('cardBook.putInDone', { book: bookName, name: target.name }) });
      onClose();
    } catch (error) {
      if (error instanceof ApiError && error.code === 'book-in-card') setFull(target);
      else showToast({ kind: 'error', text: errorText(error) });
    }
  }

  if (full !== null) {
    return (
      <ConfirmDialog
        title={t('cardBook.replaceTitle')}
        body={t('cardBook.replaceBody', { name: full.name })}
        confirmLabel={t('cardBook.replace')}
        onConfirm={() => put(full, true)}
        onClose={onClose}
      />
    );
  }
  return (
    <AttachDialog
      title={t('cardBook.putInTitle')}
      taken={[]}
      kinds={['character']}
      ownOnly
      onPick={(target) => void put(target, false)}
      onClose={onClose}
    />
  );
}
