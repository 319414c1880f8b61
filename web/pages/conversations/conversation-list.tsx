import { Button } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useDeferredValue, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationList as ConversationPage } from '../../../contract/conversations.ts';
import { conversationsQuery } from '../../state/queries.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { SearchField } from '../../ui/search-field.tsx';
import classes from './conversation-list.module.css';
import { useSelection } from '../../ui/use-selection.ts';
import { ChooseBar } from './choose-bar.tsx';
import { ConversationRows } from './conversation-rows.tsx';
import { DropShelf } from './drop-shelf.tsx';
import { ListFilter } from './list-filter.tsx';
import { narrowingOf, useListView, type ListView } from './list-view.ts';

/** Ms until a house that did not answer is asked again. */
const ASK_AGAIN = 5_000;

/** Ms until a list with a conversation that is about to be named is looked at again. */
const NAMED_SOON = 4_000;
/** A conversation is named within this time after it was spoken in, ms. */
const YOUNG = 90_000;

export interface ConversationListProps {
  /** What stands there without a conversation. */
  empty?: ReactNode;
  /** Words can be searched; a guest has one room or two. */
  searches?: boolean;
}

/** Search, order and conversations; those below are read as they come near. */
export function ConversationList({ empty, searches = true }: ConversationListProps) {
  const { t } = useTranslation(['list', 'search']);
  const [search, setSearch] = useState('');
  const [view, changeView] = useListView();
  const filter = useDeferredValue(search.trim());
  const scroller = useRef<HTMLDivElement>(null);
  const { query, conversations, readMore } = useConversationPages(filter, view);
  const order = useMemo(() => conversations.map(({ id }) => id), [conversations]);
  const selection = useSelection(order);
  // As it was on this device: the server does not answer, which is said at the first try that failed.
  const isOld = query.failureCount > 0 && query.data !== undefined && query.dataUpdatedAt === 0;
  const isEmpty = query.isSuccess && conversations.length === 0;
  return (
    <>
      {searches && (
        <SearchField
          id="conversation-search"
          label={t('list:search')}
          clearLabel={t('list:clearSearch')}
          value={search}
          onChange={setSearch}
        />
      )}
      <ListFilter view={view} onChange={changeView} selection={selection} />
      {selection.active && (
        <ChooseBar selection={selection} conversations={conversations} isArchive={view.show === 'archive'} />
      )}
      <div className={classes['frame']}>
        <DropShelf />
        <div ref={scroller} className={classes['scroll']}>
          {isOld && (
            <p className={classes['empty']} role="status">
              {t('list:kept')}
            </p>
          )}
          {query.isError && !isOld && <ListError error={query.error} onRetry={() => void query.refetch()} />}
          {isEmpty && <NothingHere search={filter} show={view.show} empty={empty} />}
          {filter !== '' && (
            <Link className={classes['wide']} to="/search" search={{ q: filter }}>
              {t('search:allMessages', { words: filter })}
            </Link>
          )}
          <ConversationRows
            conversations={conversations}
            selection={selection}
            scroller={scroller}
            hasMore={query.hasNextPage}
            onNearEnd={readMore}
          />
        </div>
      </div>
    </>
  );
}

function useConversationPages(search: string, view: ListView) {
  const query = useInfiniteQuery({
    ...conversationsQuery({ search, ...narrowingOf(view) }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.status === 'error' ? ASK_AGAIN : isNamedSoon(state.data?.pages) ? NAMED_SOON : false,
  });
  const { data, hasNextPage, isFetching, fetchNextPage } = query;
  const conversations = useMemo(() => data?.pages.flatMap((page) => page.conversations) ?? [], [data]);
  const readMore = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  return { query, conversations, readMore };
}

/** True while one on the only page that was read was just begun and has no name yet. */
function isNamedSoon(pages: readonly ConversationPage[] | undefined): boolean {
  const [first, ...others] = pages ?? [];
  if (first === undefined || others.length > 0) return false;
  const since = Date.now() - YOUNG;
  return first.conversations.some(
    ({ titled, mine, messageCount, updatedAt, replying }) =>
      mine && !titled && !replying && messageCount > 2 && updatedAt > since,
  );
}

function NothingHere({ search, show, empty }: { search: string; show: string; empty: ReactNode }) {
  const { t } = useTranslation('list');
  if (search !== '') return <p className={classes['empty']}>{t('noHits', { search })}</p>;
  if (show !== 'all') return <p className={classes['empty']}>{t('nothingKept')}</p>;
  return empty ?? <EmptyList />;
}

function EmptyList() {
  const { t } = useTranslation('list');
  return (
    <div className={classes['empty']}>
      <h2>{t('empty.title')}</h2>
      <p>{t('empty.body')}</p>
      <Link to="/characters">{t('empty.action')}</Link>
    </div>
  );
}

function ListError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation(['list', 'common']);
  const errorText = useErrorText();
  return (
    <div className={classes['empty']} role="alert">
      <p>{t('list:loadFailed')}</p>
      <p>{errorText(error)}</p>
      <Button variant="default" onClick={onRetry}>
        {t('common:retry')}
      </Button>
    </div>
  );
}
