import { Button } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListNarrowing } from '../../state/queries.ts';
import { conversationsQuery } from '../../state/queries.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { SearchField } from '../../ui/search-field.tsx';
import classes from './conversation-list.module.css';
import { ConversationRow } from './conversation-row.tsx';
import { ListFilter } from './list-filter.tsx';

/** Ms until a house that did not answer is asked again. */
const ASK_AGAIN = 5_000;

/** Search and conversations, newest first; more are read at the reader's wish. */
export function ConversationList() {
  const { t } = useTranslation(['list', 'common', 'search']);
  const [search, setSearch] = useState('');
  const [narrowing, setNarrowing] = useState<ListNarrowing>({});
  const filter = useDeferredValue(search.trim());
  const query = useInfiniteQuery({
    ...conversationsQuery({ search: filter, ...narrowing }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.status === 'error' ? ASK_AGAIN : false),
  });
  const conversations = query.data?.pages.flatMap((page) => page.conversations) ?? [];
  // As it was on this device: the server does not answer.
  const isOld = query.isError && query.data !== undefined && query.dataUpdatedAt === 0;
  return (
    <>
      <SearchField
        id="conversation-search"
        label={t('list:search')}
        clearLabel={t('list:clearSearch')}
        value={search}
        onChange={setSearch}
      />
      <ListFilter onChange={setNarrowing} />
      <div className={classes['scroll']}>
        {isOld && (
          <p className={classes['empty']} role="status">
            {t('list:kept')}
          </p>
        )}
        {query.isError && !isOld && <ListError error={query.error} onRetry={() => void query.refetch()} />}
        {query.isSuccess && conversations.length === 0 && (filter === '' ? <EmptyList /> : <NoHits search={filter} />)}
        {filter !== '' && (
          <Link className={classes['wide']} to="/search" search={{ q: filter }}>
            {t('search:allMessages', { words: filter })}
          </Link>
        )}
        <ul className={classes['list']}>
          {conversations.map((conversation) => (
            <ConversationRow key={conversation.id} conversation={conversation} />
          ))}
        </ul>
        {query.hasNextPage && (
          <Button
            variant="subtle"
            fullWidth
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t('list:more')}
          </Button>
        )}
      </div>
    </>
  );
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

function NoHits({ search }: { search: string }) {
  const { t } = useTranslation('list');
  return <p className={classes['empty']}>{t('noHits', { search })}</p>;
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
