import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CharacterBook } from '../../../contract/books.ts';
import { lorebookBodySchema } from '../../../contract/lore.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { characterBookQuery } from '../../state/queries.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { IconArrowLeft } from '../../ui/icons.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { BookDraft } from './book-draft.ts';
import { BookEditor } from './book-editor.tsx';
import classes from './book-editor.module.css';
import { CardBookHome } from './card-book-home.ts';
import { SaveState } from './save-state.tsx';
import { useBookActions } from './use-book-actions.ts';
import { useDraft } from './use-draft.ts';

const route = getRouteApi('/inside/frame/characters/$characterId/book');

/** The book that travels in a character's card. */
export function CharacterBookPage() {
  const { characterId } = route.useParams();
  const query = useQuery(characterBookQuery(characterId, currentLocale()));
  if (query.isError) return <NotFoundPage />;
  if (query.data === undefined) return <LoadingPage />;
  return <OpenCardBook key={characterId} book={query.data} />;
}

function OpenCardBook({ book }: { book: CharacterBook }) {
  const { t } = useTranslation('books');
  const queryClient = useQueryClient();
  const { characterId, mine } = book;
  const [{ draft, home }] = useState(() => {
    const cardHome = new CardBookHome(book, ({ version }) => {
      showToast({ text: t('cardBook.savedVersion', { version }) });
      void queryClient.invalidateQueries({ queryKey: ['character', characterId] });
      void queryClient.invalidateQueries({ queryKey: ['characters'] });
    });
    const body = book.body ?? lorebookBodySchema.parse({});
    return { home: cardHome, draft: new BookDraft({ body, home: cardHome, autosaveAfter: null }) };
  });
  return (
    <BookEditor
      draft={draft}
      header={<Header book={book} draft={draft} home={home} />}
      readOnly={!mine}
      source={{ kind: 'carried' }}
      characterId={characterId}
    />
  );
}

function Header({ book, draft, home }: { book: CharacterBook; draft: BookDraft; home: CardBookHome }) {
  const { t } = useTranslation('books');
  const { characterId, characterName, mine } = book;
  const title = t('cardBook.title', { name: characterName });
  usePageTitle(title);
  return (
    <header className={classes['header']}>
      <Link
        to="/characters/$characterId"
        params={{ characterId }}
        className={classes['backLink']}
        aria-label={characterName}
      >
        <IconArrowLeft size={22} aria-hidden />
      </Link>
      <div className={classes['titleBox']}>
        <h1>{title}</h1>
        <p className={classes['lead']}>{mine ? t('cardBook.lead') : t('cardBook.starter')}</p>
      </div>
      {mine && <SaveState draft={draft} />}
      <MoveOut book={book} draft={draft} home={home} />
    </header>
  );
}

function MoveOut({ book, draft, home }: { book: CharacterBook; draft: BookDraft; home: CardBookHome }) {
  const { t } = useTranslation('books');
  const guard = useGuard();
  const { open, refresh, nameOf } = useBookActions();
  const { body, state } = useDraft(draft);
  if (body.entries.length === 0) return null;
  async function move(): Promise<void> {
    const made = await guard(
      api.call('moveCharacterBook', {
        params: { id: book.characterId },
        body: { remove: book.mine, expectedVersionId: home.versionId },
        query: { locale: currentLocale() },
      }),
    );
    if (!made) return;
    await refresh();
    showToast({ text: t('cardBook.movedOut', { name: nameOf(made) }) });
    await open(made.id);
  }
  return (
    <Button variant="default" disabled={state !== 'saved'} onClick={() => void move()}>
      {book.mine ? t('cardBook.moveOut') : t('cardBook.copyOut')}
    </Button>
  );
}
