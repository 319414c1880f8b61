import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { currentLocale } from '../../state/i18n.ts';
import { characterBookQuery } from '../../state/queries.ts';
import { AttachedBooks } from './attached-books.tsx';
import classes from './book-links.module.css';

/** The lore of a character: the book in its card, and the books attached to it. */
export function CharacterLore({ characterId }: { characterId: string }) {
  const { t } = useTranslation('books');
  return (
    <section>
      <h2>{t('attached.title')}</h2>
      <OwnBook characterId={characterId} />
      <AttachedBooks target={{ kind: 'character', id: characterId }} />
    </section>
  );
}

function OwnBook({ characterId }: { characterId: string }) {
  const { t } = useTranslation('books');
  const { data: book } = useQuery(characterBookQuery(characterId, currentLocale()));
  if (book === undefined) return null;
  const count = book.body?.entries.length;
  if (count === undefined && !book.mine) return null;
  return (
    <ul className={classes['links']}>
      <li>
        <span className={classes['name']}>{t('attached.own')}</span>
        <span className={classes['hint']}>
          {count === undefined ? t('attached.ownNone') : t('attached.ownCount', { count })}
        </span>
        <Button
          variant="default"
          size="compact-md"
          renderRoot={(props) => <Link {...props} to="/characters/$characterId/book" params={{ characterId }} />}
        >
          {count === undefined ? t('attached.ownCreate') : t('attached.ownOpen')}
        </Button>
      </li>
    </ul>
  );
}
