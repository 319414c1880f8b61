import { ActionIcon, Menu } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Lorebook, LoreLink } from '../../../contract/lore.ts';
import { currentLocale } from '../../state/i18n.ts';
import { bookLinksKey, bookQuery } from '../../state/queries.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { IconArrowLeft, IconDots, IconTrash } from '../../ui/icons.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { BookDraft } from './book-draft.ts';
import { BookEditor } from './book-editor.tsx';
import classes from './book-editor.module.css';
import { BookLinks } from './book-links.tsx';
import { ExportItems } from './book-row.tsx';
import { PutIntoCard } from './put-into-card.tsx';
import { SaveState } from './save-state.tsx';
import { StoredBookHome } from './stored-book-home.ts';
import { useBookActions } from './use-book-actions.ts';
import { useDraft } from './use-draft.ts';

/** Ms after the last change. */
const AUTOSAVE_AFTER = 600;

const route = getRouteApi('/inside/frame/books/$bookId');

export function BookPage() {
  const { bookId } = route.useParams();
  const query = useQuery(bookQuery(bookId, currentLocale()));
  if (query.isError) return <NotFoundPage />;
  if (query.data === undefined) return <LoadingPage />;
  return <OpenBook key={bookId} book={query.data} />;
}

function OpenBook({ book }: { book: Lorebook }) {
  const queryClient = useQueryClient();
  const [draft] = useState(
    () =>
      new BookDraft({
        body: book.body,
        home: new StoredBookHome(book, () => void queryClient.invalidateQueries({ queryKey: ['books'] })),
        autosaveAfter: AUTOSAVE_AFTER,
      }),
  );
  return (
    <BookEditor
      draft={draft}
      header={<Header book={book} draft={draft} />}
      more={<Links book={book} />}
      source={{ kind: 'stored', bookId: book.id }}
    />
  );
}

/** Follows what is attached here and elsewhere on the page; the book itself is not read again for it. */
function Links({ book }: { book: Lorebook }) {
  const { data: targets } = useQuery<LoreLink[]>({
    queryKey: bookLinksKey(book.id),
    queryFn: () => book.targets,
    initialData: book.targets,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return <BookLinks book={{ id: book.id, targets }} />;
}

function Header({ book, draft }: { book: Lorebook; draft: BookDraft }) {
  const { t } = useTranslation('books');
  const { body } = useDraft(draft);
  const { remove, nameOf } = useBookActions();
  const navigate = useNavigate();
  const [puttingIn, setPuttingIn] = useState(false);
  const name = nameOf(body);
  usePageTitle(name);
  async function removeBook(): Promise<void> {
    await draft.save();
    if (await remove({ id: book.id, name: body.name })) await navigate({ to: '/books' });
  }
  return (
    <header className={classes['header']}>
      <Link to="/books" className={classes['backLink']} aria-label={t('editor.books')}>
        <IconArrowLeft size={22} aria-hidden />
      </Link>
      <div className={classes['titleBox']}>
        <h1>{name}</h1>
      </div>
      <SaveState draft={draft} />
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" size={44} aria-label={t('menu', { name })}>
            <IconDots size={20} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <ExportItems id={book.id} />
          <Menu.Item onClick={() => setPuttingIn(true)}>{t('cardBook.putIn')}</Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => void removeBook()}>
            {t('deleteBook')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {puttingIn && <PutIntoCard bookId={book.id} bookName={name} onClose={() => setPuttingIn(false)} />}
    </header>
  );
}
