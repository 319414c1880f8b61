import { Button, CloseButton, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LorebookSummary, LoreTarget } from '../../../contract/lore.ts';
import { currentLocale } from '../../state/i18n.ts';
import { booksQuery } from '../../state/queries.ts';
import { IconPlus } from '../../ui/icons.ts';
import { useBookLinks } from './book-links.tsx';
import classes from './book-links.module.css';
import { useBookActions } from './use-book-actions.ts';

/** The books of a character, a conversation or a persona: what is attached, and what else counts there anyway. */
export function AttachedBooks({ target }: { target: LoreTarget }) {
  const { t } = useTranslation('books');
  const { data: books } = useQuery(booksQuery(currentLocale()));
  const [picking, setPicking] = useState(false);
  if (books === undefined) return null;
  const hangsOn = (book: LorebookSummary, { kind, id }: Partial<LoreTarget>) =>
    book.targets.some((one) => one.kind === kind && (id === undefined || one.id === id));
  const attached = books.filter((book) => hangsOn(book, target));
  const everywhere = books.filter((book) => hangsOn(book, { kind: 'user' }) && !attached.includes(book));
  return (
    <div>
      {attached.length === 0 && <p className={classes['hint']}>{t('attached.none')}</p>}
      <ul className={classes['links']}>
        {attached.map((book) => (
          <AttachedRow key={book.id} book={book} target={target} />
        ))}
      </ul>
      {everywhere.length > 0 && (
        <p className={classes['hint']}>
          {t('attached.everywhere')} {everywhere.map(({ name }) => name || t('untitled')).join(' · ')}
        </p>
      )}
      <div className={classes['buttons']}>
        <Button variant="default" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setPicking(true)}>
          {t('attached.add')}
        </Button>
        <Button variant="subtle" component={Link} to="/books">
          {t('attached.manage')}
        </Button>
      </div>
      {picking && (
        <PickBook
          books={books.filter((book) => !attached.includes(book))}
          target={target}
          onClose={() => setPicking(false)}
        />
      )}
    </div>
  );
}

function AttachedRow({ book, target }: { book: LorebookSummary; target: LoreTarget }) {
  const { t } = useTranslation('books');
  const { nameOf } = useBookActions();
  const { detach } = useBookLinks(book.id);
  const name = nameOf(book);
  return (
    <li>
      <span className={classes['name']}>
        <Link to="/books/$bookId" params={{ bookId: book.id }}>
          {name}
        </Link>
      </span>
      <span className={classes['hint']}>{t('entries', { count: book.entryCount })}</span>
      <CloseButton
        size={36}
        aria-label={t('links.detach', { name })}
        onClick={() => void detach({ ...target, name })}
      />
    </li>
  );
}

function PickBook({
  books,
  target,
  onClose,
}: {
  books: readonly LorebookSummary[];
  target: LoreTarget;
  onClose: () => void;
}) {
  const { t } = useTranslation(['books', 'common']);
  const { nameOf } = useBookActions();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('books:attached.pick')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      centered
    >
      {books.length === 0 && <p className={classes['hint']}>{t('books:attached.all')}</p>}
      <ul className={classes['choices']}>
        {books.map((book) => (
          <PickRow key={book.id} book={book} name={nameOf(book)} target={target} onDone={onClose} />
        ))}
      </ul>
    </Modal>
  );
}

interface PickRowProps {
  book: LorebookSummary;
  name: string;
  target: LoreTarget;
  onDone: () => void;
}

function PickRow({ book, name, target, onDone }: PickRowProps) {
  const { t } = useTranslation('books');
  const { attach } = useBookLinks(book.id);
  return (
    <li>
      <button type="button" onClick={() => void attach(target).then(onDone)}>
        <span className={classes['name']}>{name}</span>
        <span className={classes['hint']}>{t('entries', { count: book.entryCount })}</span>
      </button>
    </li>
  );
}
