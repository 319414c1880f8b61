import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LibraryOverview } from '../../../contract/library.ts';
import { currentLocale } from '../../state/i18n.ts';
import { formatNumber } from '../../state/format.ts';
import { Sheet } from '../../ui/sheet.tsx';
import { FolderList } from './folder-list.tsx';
import { libraryOverviewQuery } from './library-queries.ts';
import classes from './library-shelves.module.css';
import { useLibrary } from './use-library.ts';

/** Tags shown before somebody asks for all. */
const TAGS_SHOWN = 24;

/** Folders and tags: beside the list, or as a sheet with `onClose`. */
export function LibraryShelves({ onClose }: { onClose?: () => void }) {
  const { t } = useTranslation('library');
  const { data } = useQuery(libraryOverviewQuery(currentLocale()));
  const content = data !== undefined && (
    <>
      <FolderList overview={data} onChosen={onClose} />
      <TagList tags={data.tags} />
    </>
  );
  if (onClose !== undefined) {
    return (
      <Sheet title={t('shelves')} onClose={onClose}>
        <div className={classes['sheet']}>{content}</div>
      </Sheet>
    );
  }
  return (
    <nav className={classes['side']} aria-label={t('shelves')}>
      {content}
    </nav>
  );
}

function TagList({ tags }: { tags: LibraryOverview['tags'] }) {
  const { t } = useTranslation('library');
  const { search, change } = useLibrary();
  const [all, setAll] = useState(false);
  const chosen = search.tags ?? [];
  if (tags.length === 0) return null;
  const toggle = (key: string) => {
    const next = chosen.includes(key) ? chosen.filter((tag) => tag !== key) : [...chosen, key].slice(-20);
    change({ tags: next.length === 0 ? undefined : next });
  };
  return (
    <section>
      <h2>{t('tags')}</h2>
      <div className={classes['tags']}>
        {(all ? tags : tags.slice(0, TAGS_SHOWN)).map(({ key, label, count }) => (
          <button
            key={key}
            type="button"
            className={classes['tag']}
            aria-pressed={chosen.includes(key)}
            onClick={() => toggle(key)}
          >
            {label} <small>{formatNumber(count)}</small>
          </button>
        ))}
      </div>
      {tags.length > TAGS_SHOWN && (
        <button type="button" className={classes['more']} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('fewerTags') : t('allTags', { count: tags.length })}
        </button>
      )}
    </section>
  );
}
