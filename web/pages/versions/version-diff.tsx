import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CharacterVersion } from '../../../contract/character-fields.ts';
import { currentLocale } from '../../state/i18n.ts';
import { characterVersionQuery } from '../../state/queries.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { changedFields, diffText, type ChangedField } from './diff-versions.ts';
import classes from './versions-page.module.css';

export interface VersionDiffProps {
  characterId: string;
  olderId: string;
  newerId: string;
}

/** What one version says and the other does not, word by word, field by field. */
export function VersionDiff({ characterId, olderId, newerId }: VersionDiffProps) {
  const { t } = useTranslation('editor');
  const older = useQuery(characterVersionQuery(characterId, olderId, currentLocale()));
  const newer = useQuery(characterVersionQuery(characterId, newerId, currentLocale()));
  if (older.isError || newer.isError) return <NotFoundPage />;
  if (older.data === undefined || newer.data === undefined) return <LoadingPage />;
  const changes = changedFields(older.data.fields, newer.data.fields);
  const picture = older.data.pictureUrl !== newer.data.pictureUrl || !samePictures(older.data, newer.data);
  const label = t('versions.compare', { older: older.data.version, newer: newer.data.version });
  return (
    <section className={classes['diff']} aria-label={label} aria-live="polite">
      {changes.length === 0 && !picture && <p>{t('versions.same')}</p>}
      {picture && <p className={classes['note']}>{t('versions.pictureChanged')}</p>}
      {changes.map((change) => (
        <FieldDiff key={`${change.field}-${change.number ?? ''}`} change={change} />
      ))}
    </section>
  );
}

function samePictures(older: CharacterVersion, newer: CharacterVersion): boolean {
  const shown = ({ pictures }: CharacterVersion) =>
    JSON.stringify(pictures.map(({ type, name, url }) => [type, name, url]));
  return shown(older) === shown(newer);
}

function FieldDiff({ change }: { change: ChangedField }) {
  const { t } = useTranslation('editor');
  const name = t(`field.${change.field}`);
  const title = change.number === null ? name : t('versions.fieldList', { field: name, number: change.number });
  return (
    <div className={classes['change']}>
      <h3>{title}</h3>
      <p>
        {diffText(change.older, change.newer, currentLocale()).map(({ kind, text }, index) => {
          if (kind === 'same') return <span key={index}>{text}</span>;
          const Mark = kind === 'added' ? 'ins' : 'del';
          return (
            <Mark key={index}>
              <span className="visually-hidden">[{t(`versions.${kind}`)}: </span>
              {text}
              <span className="visually-hidden">]</span>
            </Mark>
          );
        })}
      </p>
    </div>
  );
}
