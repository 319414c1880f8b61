import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ImportedLorebook } from '../../../contract/books.ts';
import type { LorebookSummary, LoreMode } from '../../../contract/lore.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { readAsBase64 } from '../../state/read-file.ts';
import { dismissToast, showToast } from '../../state/toasts.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { useGuard } from '../../state/use-guard.ts';

/** The server's limit for a book, in bytes. */
const BOOK_LIMIT = 24 * 1024 * 1024;

/** What can be done with whole books; failures are told as toasts. */
export function useBookActions() {
  const { t } = useTranslation(['books', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['books'] });
  const open = (bookId: string) => navigate({ to: '/books/$bookId', params: { bookId } });
  const query = { locale: currentLocale() };
  const nameOf = ({ name }: { name: string }) => (name === '' ? t('books:untitled') : name);

  async function create(): Promise<void> {
    const made = await guard(api.call('createLorebook', { body: { body: { name: t('books:newName') } }, query }));
    if (!made) return;
    await refresh();
    await open(made.id);
  }

  async function duplicate(book: LorebookSummary): Promise<void> {
    const name = t('books:copyName', { name: nameOf(book) });
    const made = await guard(api.call('duplicateLorebook', { params: { id: book.id }, body: { name }, query }));
    if (!made) return;
    await refresh();
    showToast({ text: t('books:copied', { name }) });
  }

  async function remove(book: Pick<LorebookSummary, 'id' | 'name'>): Promise<boolean> {
    const params = { id: book.id };
    if (!(await guard(api.call('deleteLorebook', { params })))) return false;
    await refresh();
    const restore = () => guard(api.call('restoreLorebook', { params }).then(refresh));
    showToast({
      text: t('books:deleted', { name: nameOf(book) }),
      action: { label: t('common:undo'), run: () => void restore() },
    });
    return true;
  }

  return { create, duplicate, remove, open, refresh, nameOf };
}

/** Reads a file of any known kind as a new book; what is remarkable about it goes to `onRemarks`. */
export function useImportBook(onRemarks: (imported: ImportedLorebook, fileName: string) => void) {
  const { t } = useTranslation('books');
  const errorText = useErrorText();
  const { open, refresh, nameOf } = useBookActions();
  return async (file: File, mode?: LoreMode): Promise<void> => {
    if (file.size > BOOK_LIMIT) {
      showToast({ kind: 'error', text: t('importTooLarge', { file: file.name }) });
      return;
    }
    const notice = showToast({ text: t('importing') });
    try {
      const body = { fileName: file.name.slice(0, 255), data: await readAsBase64(file), ...(mode ? { mode } : {}) };
      const imported = await api.call('importLorebook', { body, query: { locale: currentLocale() } });
      await refresh();
      if (imported.warnings.length > 0 || imported.sameAs !== null) return onRemarks(imported, file.name);
      showToast({ text: t('imported', { name: nameOf(imported.book), format: t(`formats.${imported.format}`) }) });
      await open(imported.book.id);
    } catch (error) {
      showToast({ kind: 'error', text: t('importFailed', { file: file.name, reason: errorText(error) }) });
    } finally {
      dismissToast(notice);
    }
  };
}

/** Where a book's file is served. */
export function exportAddress(id: string, format: 'st' | 'lorebook_v3'): string {
  return `/api/lorebooks/${id}/export?format=${format}`;
}
