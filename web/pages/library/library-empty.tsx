import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './library-page.module.css';
import type { LibrarySearch } from './library-search.ts';
import { useLibrary } from './use-library.ts';

/** Nothing to show, and what to do about it. */
export function LibraryEmpty() {
  const { t } = useTranslation('library');
  const { search, clear } = useLibrary();
  const kind = kindOf(search);
  return (
    <div className={classes['teach']} role="status">
      <strong>{t(`empty.${kind}.title`, { search: search.search ?? '' })}</strong>
      <p>{t(`empty.${kind}.body`)}</p>
      <Button variant="default" onClick={clear}>
        {t('clearFilters')}
      </Button>
    </div>
  );
}

function kindOf({ search = '', favourite, folder, kind, lore, tags }: LibrarySearch) {
  if (search !== '') return 'search';
  const others = [favourite, folder, kind, lore, tags].filter((part) => part !== undefined).length;
  if (others > 1) return 'filter';
  if (favourite) return 'favourites';
  if (folder !== undefined) return 'folder';
  return kind === 'mine' ? 'mine' : 'filter';
}
