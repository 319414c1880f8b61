import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { LibraryCharacter } from '../../../contract/library.ts';
import { Scene } from '../../ui/scene.tsx';
import classes from './library-page.module.css';

/** Those talked with last, a tap away. */
export function RecentRow({ characters }: { characters: readonly LibraryCharacter[] }) {
  const { t } = useTranslation('library');
  if (characters.length === 0) return null;
  return (
    <section className={classes['recent']}>
      <h2>{t('recent')}</h2>
      <ul
        // A row that scrolls must be reachable by keyboard; its links are.
        className={classes['faces']}
      >
        {characters.map(({ id, name, pictureUrl }) => (
          <li key={id}>
            <Link to="/characters/$characterId" params={{ characterId: id }} className={classes['face']}>
              <span>
                <Scene pictureUrl={pictureUrl} alt="" seed={id} />
              </span>
              <b>{name}</b>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
