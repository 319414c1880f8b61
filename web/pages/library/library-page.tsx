import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { currentLocale } from '../../state/i18n.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { IconPlus } from '../../ui/icons.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { ImportButton } from '../characters/import/import-button.tsx';
import { BeginRoomButton } from '../conversation/room/begin-room-button.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { LibraryChips } from './library-chips.tsx';
import { LibraryEmpty } from './library-empty.tsx';
import { LibraryList } from './library-list.tsx';
import { LibraryShelves } from './library-shelves.tsx';
import { LibrarySkeleton } from './library-skeleton.tsx';
import { LibraryToolbar } from './library-toolbar.tsx';
import { libraryOverviewQuery, libraryQuery } from './library-queries.ts';
import { isWhole } from './library-search.ts';
import classes from './library-page.module.css';
import { RecentRow } from './recent-row.tsx';
import { useLibrary } from './use-library.ts';
import { useLibraryView } from './use-library-view.ts';
import { useSelection } from '../../ui/use-selection.ts';

export function LibraryPage() {
  const { t } = useTranslation('characters');
  const narrow = useIsNarrow();
  usePageTitle(t('title'));
  return (
    <div className={classes['page']}>
      <PageHeader title={t('title')}>
        <BeginRoomButton />
        <ImportButton />
        <Button component={Link} to="/characters/new" leftSection={<IconPlus size={18} aria-hidden />}>
          {t('new')}
        </Button>
      </PageHeader>
      <div className={classes['columns']}>
        {!narrow && <LibraryShelves />}
        <Shelf />
      </div>
    </div>
  );
}

function Shelf() {
  const { t } = useTranslation('characters');
  const { search } = useLibrary();
  const { view, setView } = useLibraryView();
  const [sheet, setSheet] = useState(false);
  const asked = useDeferredValue(search);
  const query = useInfiniteQuery(libraryQuery(asked, currentLocale()));
  const overview = useQuery(libraryOverviewQuery(currentLocale()));
  const characters = useMemo(() => query.data?.pages.flatMap((page) => page.characters) ?? [], [query.data]);
  const order = useMemo(() => characters.map(({ id }) => id), [characters]);
  const selection = useSelection(order);
  const total = Math.max(query.data?.pages[0]?.total ?? 0, characters.length);
  const { fetchNextPage, isFetchingNextPage, hasNextPage } = query;
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const isFirstCharacter = overview.data !== undefined && overview.data.mine === 0 && isWhole(search);
  return (
    <section className={classes['shelf']} aria-label={t('title')} aria-busy={query.isPending}>
      <LibraryToolbar view={view} onView={setView} selection={selection} onShelves={() => setSheet(true)} />
      {sheet && <LibraryShelves onClose={() => setSheet(false)} />}
      <LibraryChips total={query.data === undefined ? null : total} />
      {isWhole(search) && !selection.active && <RecentRow characters={overview.data?.recent ?? []} />}
      {query.isError && <ShelfError error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <LibrarySkeleton view={view} />}
      {query.isSuccess && total === 0 && <LibraryEmpty />}
      {total > 0 && (
        <LibraryList
          characters={characters}
          total={total}
          view={view}
          selection={selection}
          onNearEnd={onNearEnd}
          listKey={`${view} ${JSON.stringify(asked)}`}
        />
      )}
      {isFirstCharacter && (
        <div className={classes['teach']}>
          <strong>{t('empty.title')}</strong>
          <p>{t('empty.body')}</p>
          <MoveInLink />
        </div>
      )}
      <p className={classes['hint']}>{t('importHint')}</p>
      {selection.active && <BulkBar selection={selection} characters={characters} />}
    </section>
  );
}

function MoveInLink() {
  const { t } = useTranslation('moving');
  return (
    <Button component={Link} to="/moving" variant="default">
      {t('title')}
    </Button>
  );
}

function ShelfError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation(['characters', 'common']);
  const errorText = useErrorText();
  return (
    <div role="alert" className={classes['teach']}>
      <p>{t('characters:loadFailed')}</p>
      <p>{errorText(error)}</p>
      <Button variant="default" onClick={onRetry}>
        {t('common:retry')}
      </Button>
    </div>
  );
}
