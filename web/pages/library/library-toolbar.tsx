import { ActionIcon, Menu } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { librarySortSchema } from '../../../contract/library.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { IconArrowsSort, IconCheck, IconFolder, IconLayoutGrid, IconLayoutList, IconSelect } from '../../ui/icons.ts';
import { SearchField } from '../../ui/search-field.tsx';
import type { LibraryView } from './library-item.tsx';
import classes from './library-page.module.css';
import { useLibrary } from './use-library.ts';
import type { Selection } from '../../ui/use-selection.ts';

/** Milliseconds after the last letter: nobody waits, and nobody is asked for every letter. */
const SEARCH_AFTER_MS = 150;

export interface LibraryToolbarProps {
  view: LibraryView;
  onView: (view: LibraryView) => void;
  selection: Selection;
  /** Opens folders and tags where they do not stand beside the list. */
  onShelves: () => void;
}

export function LibraryToolbar({ view, onView, selection, onShelves }: LibraryToolbarProps) {
  const { t } = useTranslation('library');
  const narrow = useIsNarrow();
  return (
    <div className={classes['toolbar']}>
      <div className={classes['search']}>
        <LibrarySearchField />
      </div>
      <div className={classes['tools']}>
        {narrow && (
          <ActionIcon variant="default" size={44} aria-label={t('shelves')} onClick={onShelves}>
            <IconFolder size={20} aria-hidden />
          </ActionIcon>
        )}
        <SortMenu />
        <ActionIcon
          variant="default"
          size={44}
          aria-label={view === 'grid' ? t('showList') : t('showGrid')}
          onClick={() => onView(view === 'grid' ? 'list' : 'grid')}
        >
          {view === 'grid' ? <IconLayoutList size={20} aria-hidden /> : <IconLayoutGrid size={20} aria-hidden />}
        </ActionIcon>
        <ActionIcon
          variant="default"
          size={44}
          aria-label={t('select')}
          aria-pressed={selection.active}
          onClick={() => (selection.active ? selection.end() : selection.begin())}
        >
          <IconSelect size={20} aria-hidden />
        </ActionIcon>
      </div>
    </div>
  );
}

/** What is typed shows at once; the list follows a moment later. */
function LibrarySearchField() {
  const { t } = useTranslation('library');
  const { search, change } = useLibrary();
  const asked = search.search ?? '';
  const [typed, setTyped] = useState(asked);
  const [lastAsked, setLastAsked] = useState(asked);
  if (asked !== lastAsked) {
    setLastAsked(asked);
    setTyped(asked);
  }
  useEffect(() => {
    if (typed === asked) return undefined;
    const timer = setTimeout(() => {
      setLastAsked(typed);
      change({ search: typed === '' ? undefined : typed });
    }, SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed, asked, change]);
  return (
    <SearchField
      id="library-search"
      label={t('search')}
      clearLabel={t('clearSearch')}
      value={typed}
      onChange={(value) => setTyped(value.slice(0, 200))}
    />
  );
}

function SortMenu() {
  const { t } = useTranslation('library');
  const { search, change } = useLibrary();
  const current = search.sort ?? 'name';
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="default" size={44} aria-label={t('sortBy', { order: t(`sort.${current}`) })}>
          <IconArrowsSort size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {librarySortSchema.options.map((sort) => (
          <Menu.Item
            key={sort}
            role="menuitemradio"
            aria-checked={sort === current}
            rightSection={sort === current ? <IconCheck size={16} aria-hidden /> : null}
            onClick={() => change({ sort: sort === 'name' ? undefined : sort })}
          >
            {t(`sort.${sort}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
