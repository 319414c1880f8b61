import { Button, NativeSelect, TextInput } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import type { SearchHit, SearchPlace } from '../../../contract/search.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { charactersQuery } from '../../state/queries.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import type { SearchAddress } from './search-address.ts';
import { useCountText } from './use-count-text.ts';
import classes from './search.module.css';
import { HitLine } from './use-palette-options.tsx';

const route = getRouteApi('/inside/frame/search');
const PAGE = 30;
const DAY = 86_400_000;

/** Everything that was said, across conversations, with what narrows it; the address holds all of it. */
export function SearchPage() {
  const { t } = useTranslation(['search', 'list']);
  const errorText = useErrorText();
  const countText = useCountText();
  const address = route.useSearch();
  const navigate = route.useNavigate();
  usePageTitle(t('search:title'));
  const change = (changed: Partial<SearchAddress>) =>
    void navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  const { words, query } = useWideSearch(address);
  const pages = words === '' ? [] : (query.data?.pages ?? []);
  const hits = pages.flatMap((page) => page.hits);
  const places = new Map(pages.flatMap((page) => page.places).map((place) => [place.id, place]));
  const first = pages[0];
  return (
    <div className={classes['page']}>
      <PageHeader title={t('search:title')} />
      <SearchField
        id="message-search"
        label={t('search:words')}
        clearLabel={t('list:clearSearch')}
        value={address.q ?? ''}
        onChange={(q) => change({ q: q.slice(0, 200) || undefined })}
      />
      <Filters address={address} onChange={change} />
      <p role="status" className={classes['note']}>
        {words === '' && t('search:begin')}
        {first?.total !== undefined &&
          first.total !== null &&
          (first.total === 0 ? t('search:none') : countText(first))}
      </p>
      {query.isError && <p role="alert">{errorText(query.error)}</p>}
      {hits.length > 0 && <Hits {...{ hits, words, places }} />}
      {query.hasNextPage && words !== '' && (
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
  );
}

function useWideSearch(address: SearchAddress) {
  const asked = useDeferredValue(address);
  const words = asked.q?.trim() ?? '';
  const query = useInfiniteQuery({
    queryKey: ['search', 'wide', asked],
    queryFn: ({ pageParam, signal }) =>
      api.call('searchMessages', { query: { ...queryOf(asked), cursor: pageParam, limit: PAGE }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    enabled: words !== '',
    placeholderData: keepPreviousData,
  });
  return { words, query };
}

interface HitsProps {
  hits: readonly SearchHit[];
  words: string;
  places: ReadonlyMap<string, SearchPlace>;
}

function Hits({ hits, words, places }: HitsProps) {
  return (
    <ol className={classes['hits']}>
      {hits.map((hit) => (
        <li key={hit.messageId}>
          <Link
            to="/c/$conversationId"
            params={{ conversationId: hit.conversationId }}
            search={{ message: hit.messageId, find: words }}
          >
            <HitLine hit={hit} place={places.get(hit.conversationId)} />
          </Link>
        </li>
      ))}
    </ol>
  );
}

interface FiltersProps {
  address: SearchAddress;
  onChange: (changed: Partial<SearchAddress>) => void;
}

function Filters({ address, onChange }: FiltersProps) {
  const { t } = useTranslation('search');
  const { data: characters = [] } = useQuery(charactersQuery(currentLocale()));
  const authors = ['human', 'character', 'narrator'] as const;
  return (
    <div className={classes['filters']}>
      <NativeSelect
        label={t('filter.character')}
        value={address.character ?? ''}
        onChange={(event) => onChange({ character: event.currentTarget.value || undefined })}
        data={[
          { value: '', label: t('filter.any') },
          ...characters.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <NativeSelect
        label={t('filter.author')}
        value={address.author ?? ''}
        onChange={(event) => onChange({ author: authors.find((author) => author === event.currentTarget.value) })}
        data={[
          { value: '', label: t('filter.any') },
          ...authors.map((author) => ({ value: author, label: t(`filter.by.${author}`) })),
        ]}
      />
      <NativeSelect
        label={t('filter.where')}
        value={address.where ?? 'all'}
        onChange={(event) => onChange({ where: event.currentTarget.value === 'path' ? 'path' : undefined })}
        data={[
          { value: 'all', label: t('filter.all') },
          { value: 'path', label: t('filter.path') },
        ]}
      />
      <NativeSelect
        label={t('filter.order')}
        value={address.order ?? 'newest'}
        onChange={(event) => onChange({ order: orders.find((order) => order === event.currentTarget.value) })}
        data={orders.map((order) => ({ value: order, label: t(`filter.${order}`) }))}
      />
      <TextInput
        type="date"
        label={t('filter.from')}
        value={address.from ?? ''}
        onChange={(event) => onChange({ from: event.currentTarget.value || undefined })}
      />
      <TextInput
        type="date"
        label={t('filter.to')}
        value={address.to ?? ''}
        onChange={(event) => onChange({ to: event.currentTarget.value || undefined })}
      />
    </div>
  );
}

const orders = ['newest', 'oldest', 'best'] as const;

function queryOf({ q, character, author, where, order, from, to }: SearchAddress) {
  const start = (day: string | undefined) => (day === undefined ? Number.NaN : new Date(`${day}T00:00`).getTime());
  const [first, last] = [start(from), start(to)];
  return {
    q: q?.trim() ?? '',
    character,
    author,
    where,
    order,
    from: Number.isFinite(first) && first >= 0 ? first : undefined,
    to: Number.isFinite(last) && last >= 0 ? last + DAY : undefined,
  };
}
