import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { currentLocale } from '../../state/i18n.ts';
import { IconX } from '../../ui/icons.ts';
import { libraryOverviewQuery } from './library-queries.ts';
import { isWhole } from './library-search.ts';
import classes from './library-page.module.css';
import { useLibrary } from './use-library.ts';

/** What the list is narrowed to; each chip takes itself away again. */
export function LibraryChips({ total }: { total: number | null }) {
  const { t } = useTranslation('library');
  const { search, change, clear } = useLibrary();
  const { data: overview } = useQuery(libraryOverviewQuery(currentLocale()));
  const { favourite, kind, lore, folder, tags = [], match } = search;
  const folderName = folder === 'none' ? t('unfiled') : overview?.folders.find(({ id }) => id === folder)?.name;
  const labelOf = (key: string) => overview?.tags.find((tag) => tag.key === key)?.label ?? key;
  return (
    <div className={classes['chips']} role="group" aria-label={t('filters')}>
      <Chip pressed={favourite === true} onClick={() => change({ favourite: favourite ? undefined : true })}>
        {t('favourites')}
      </Chip>
      <Chip pressed={kind === 'mine'} onClick={() => change({ kind: kind === 'mine' ? undefined : 'mine' })}>
        {t('mine')}
      </Chip>
      <Chip pressed={kind === 'starter'} onClick={() => change({ kind: kind === 'starter' ? undefined : 'starter' })}>
        {t('starters')}
      </Chip>
      <Chip pressed={lore === true} onClick={() => change({ lore: lore ? undefined : true })}>
        {t('withLore')}
      </Chip>
      {folder !== undefined && (
        <RemovableChip label={folderName ?? t('folder')} onRemove={() => change({ folder: undefined })} />
      )}
      {tags.map((key) => {
        const left = tags.filter((tag) => tag !== key);
        const onRemove = () => change({ tags: left.length === 0 ? undefined : left });
        return <RemovableChip key={key} label={labelOf(key)} onRemove={onRemove} />;
      })}
      {tags.length > 1 && (
        <Chip pressed={match === 'any'} onClick={() => change({ match: match === 'any' ? undefined : 'any' })}>
          {t('matchAny')}
        </Chip>
      )}
      {!isWhole(search) && (
        <button type="button" className={classes['clear']} onClick={clear}>
          {t('clearFilters')}
        </button>
      )}
      <span className={classes['count']} aria-live="polite">
        {total === null ? '' : t('count', { count: total })}
      </span>
    </div>
  );
}

function Chip({ pressed, onClick, children }: { pressed: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" className={classes['chip']} aria-pressed={pressed} onClick={onClick}>
      {children}
    </button>
  );
}

function RemovableChip({ label, onRemove }: { label: string; onRemove: () => void }) {
  const { t } = useTranslation('library');
  return (
    <button
      type="button"
      className={classes['chip']}
      data-on
      onClick={onRemove}
      aria-label={t('removeFilter', { filter: label })}
    >
      {label}
      <IconX size={14} aria-hidden />
    </button>
  );
}
