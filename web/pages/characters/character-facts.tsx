import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CharacterDetails } from '../../../contract/library.ts';
import { formatDateTime, formatNumber } from '../../state/format.ts';
import classes from './character-page.module.css';

/** What was said so far, in numbers. */
export function CharacterStatistics({ statistics }: { statistics: CharacterDetails['statistics'] }) {
  const { t } = useTranslation('characters');
  const { firstAt, lastAt } = statistics;
  if (statistics.conversations === 0) {
    return (
      <section>
        <h2>{t('statistics.title')}</h2>
        <p className={classes['quiet']}>{t('statistics.none')}</p>
      </section>
    );
  }
  const facts = [
    [t('statistics.conversations'), formatNumber(statistics.conversations)],
    [t('statistics.messages'), formatNumber(statistics.humanMessages + statistics.characterMessages)],
    [t('statistics.yourWords'), formatNumber(statistics.humanWords)],
    [t('statistics.theirWords'), formatNumber(statistics.characterWords)],
    [t('statistics.tokens'), formatNumber(statistics.tokens)],
    ...(firstAt === null ? [] : [[t('statistics.first'), formatDateTime(firstAt)]]),
    ...(lastAt === null ? [] : [[t('statistics.last'), formatDateTime(lastAt)]]),
  ];
  return (
    <section aria-busy={!statistics.complete}>
      <h2>{t('statistics.title')}</h2>
      <dl className={classes['facts']}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {!statistics.complete && <p className={classes['quiet']}>{t('statistics.counting')}</p>}
    </section>
  );
}

/** The entries of the card's own book, to look at. */
export function CharacterBook({ book }: { book: NonNullable<CharacterDetails['book']> }) {
  const { t } = useTranslation('characters');
  return (
    <section>
      <h2>{t('lore.title', { count: book.entryCount })}</h2>
      {book.name !== '' && <p className={classes['quiet']}>{book.name}</p>}
      <ul className={classes['entries']}>
        {book.entries.map((entry, index) => (
          <li key={index}>
            <details>
              <summary>
                <b>{entry.name || entry.keys[0] || t('lore.unnamed')}</b>
                <span>
                  {entry.constant ? t('lore.always') : entry.keys.join(' · ')}
                  {!entry.enabled && ` (${t('lore.off')})`}
                </span>
              </summary>
              <p className={classes['text']}>{entry.content}</p>
            </details>
          </li>
        ))}
      </ul>
      {book.entryCount > book.entries.length && (
        <p className={classes['quiet']}>{t('lore.more', { count: book.entryCount - book.entries.length })}</p>
      )}
    </section>
  );
}

/** The newest versions and what each of them changed. */
export function CharacterVersions({ characterId, details }: { characterId: string; details: CharacterDetails }) {
  const { t } = useTranslation('characters');
  const { versions, versionCount } = details;
  return (
    <section>
      <h2>{t('versions.title')}</h2>
      <ol className={classes['versions']}>
        {versions.map(({ versionId, version, createdAt, newest, changed }) => (
          <li key={versionId}>
            <b>{newest ? t('versions.newest', { version }) : t('versions.one', { version })}</b>
            <span>{formatDateTime(createdAt)}</span>
            <small>
              {changed.length === 0 ? t('versions.first') : changed.map((part) => t(`parts.${part}`)).join(' · ')}
            </small>
          </li>
        ))}
      </ol>
      <p className={classes['quiet']}>
        <Link to="/characters/$characterId/versions" params={{ characterId }}>
          {t('versions.all', { count: versionCount })}
        </Link>
      </p>
    </section>
  );
}
