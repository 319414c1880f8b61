import { ActionIcon, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { LorebookSummary } from '../../../contract/lore.ts';
import { formatRecent } from '../../state/format.ts';
import { IconCopy, IconDots, IconDownload, IconTrash } from '../../ui/icons.ts';
import classes from './books-page.module.css';
import { exportAddress, useBookActions } from './use-book-actions.ts';

/** Links shown in a row; the rest are counted. */
const SHOWN_LINKS = 4;

export function BookRow({ book }: { book: LorebookSummary }) {
  const { t } = useTranslation('books');
  const { nameOf } = useBookActions();
  const when = formatRecent(book.updatedAt, Date.now());
  return (
    <li className={classes['row']}>
      <Link to="/books/$bookId" params={{ bookId: book.id }} className={classes['words']}>
        <strong>{nameOf(book)}</strong>
        {book.description !== '' && <span className={classes['description']}>{book.description}</span>}
        <span className={classes['facts']}>
          {t('entries', { count: book.entryCount })}
          {' · '}
          {t(`modes.${book.mode}`)}
          {' · '}
          {when === null ? t('changedNow') : t('changed', { when })}
        </span>
        <Targets book={book} />
      </Link>
      <BookMenu book={book} />
    </li>
  );
}

function Targets({ book: { targets } }: { book: LorebookSummary }) {
  const { t } = useTranslation('books');
  if (targets.length === 0) return <span className={classes['unused']}>{t('unused')}</span>;
  const shown = targets.slice(0, SHOWN_LINKS);
  const more = targets.length - shown.length;
  return (
    <span className={classes['targets']}>
      <span className="visually-hidden">{t('used')}</span>
      {shown.map(({ kind, id, name }) => (
        <span key={`${kind} ${id}`} className={classes['target']} data-kind={kind}>
          {kind === 'user' ? t('links.everywhere') : name}
        </span>
      ))}
      {more > 0 && <span className={classes['target']}>+{more}</span>}
    </span>
  );
}

function BookMenu({ book }: { book: LorebookSummary }) {
  const { t } = useTranslation('books');
  const { duplicate, remove, nameOf } = useBookActions();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" size={44} aria-label={t('menu', { name: nameOf(book) })}>
          <IconDots size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => void duplicate(book)}>
          {t('duplicate')}
        </Menu.Item>
        <ExportItems id={book.id} />
        <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => void remove(book)}>
          {t('delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Downloads of a stored book, for a menu. */
export function ExportItems({ id }: { id: string }) {
  const { t } = useTranslation('books');
  return (['st', 'lorebook_v3'] as const).map((format) => (
    <Menu.Item
      key={format}
      component="a"
      href={exportAddress(id, format)}
      download
      leftSection={<IconDownload size={16} aria-hidden />}
    >
      {format === 'st' ? t('exportSt') : t('exportV3')}
    </Menu.Item>
  ));
}
