import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportedLorebook } from '../../../contract/books.ts';
import type { LorebookSummary } from '../../../contract/lore.ts';
import { currentLocale } from '../../state/i18n.ts';
import { booksQuery } from '../../state/queries.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { IconPlus, IconUpload } from '../../ui/icons.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { BookRow } from './book-row.tsx';
import classes from './books-page.module.css';
import { ImportRemarks } from './import-remarks.tsx';
import { useBookActions, useImportBook } from './use-book-actions.ts';

export function BooksPage() {
  const { t } = useTranslation(['books', 'common']);
  const errorText = useErrorText();
  const query = useQuery(booksQuery(currentLocale()));
  const [search, setSearch] = useState('');
  usePageTitle(t('books:title'));
  const books = query.data;
  return (
    <div className={classes['page']}>
      <PageHeader title={t('books:title')} lead={t('books:lead')}>
        <Buttons />
      </PageHeader>
      {query.isError && (
        <div role="alert">
          <p>{t('books:loadFailed')}</p>
          <p className={classes['hint']}>{errorText(query.error)}</p>
          <Button variant="default" onClick={() => void query.refetch()}>
            {t('common:retry')}
          </Button>
        </div>
      )}
      {books?.length === 0 && (
        <div className={classes['empty']}>
          <strong>{t('books:empty.title')}</strong>
          <p>{t('books:empty.body')}</p>
        </div>
      )}
      {books !== undefined && books.length > 0 && (
        <>
          <SearchField
            id="book-search"
            label={t('books:search')}
            clearLabel={t('books:searchClear')}
            value={search}
            onChange={setSearch}
          />
          <BookList books={books} search={search.trim()} />
        </>
      )}
    </div>
  );
}

function BookList({ books, search }: { books: readonly LorebookSummary[]; search: string }) {
  const { t } = useTranslation('books');
  const wanted = search.toLocaleLowerCase();
  const found = books.filter(({ name, description, targets }) =>
    [name, description, ...targets.map((target) => target.name)].some((text) =>
      text.toLocaleLowerCase().includes(wanted),
    ),
  );
  if (found.length === 0) return <p className={classes['hint']}>{t('noMatch', { text: search })}</p>;
  return (
    <ul className={classes['list']}>
      {found.map((book) => (
        <BookRow key={book.id} book={book} />
      ))}
    </ul>
  );
}

function Buttons() {
  const { t } = useTranslation('books');
  const input = useRef<HTMLInputElement>(null);
  const { create } = useBookActions();
  const [remarks, setRemarks] = useState<{ imported: ImportedLorebook; fileName: string } | null>(null);
  const importBook = useImportBook((imported, fileName) => setRemarks({ imported, fileName }));
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept=".json,.lorebook,.png,application/json,image/png"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file !== undefined) void importBook(file);
        }}
      />
      <Button
        variant="default"
        leftSection={<IconUpload size={18} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        {t('import')}
      </Button>
      <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => void create()}>
        {t('new')}
      </Button>
      {remarks !== null && <ImportRemarks {...remarks} onClose={() => setRemarks(null)} />}
    </>
  );
}
