import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Locale } from '../../../contract/common.ts';
import { api } from '../../state/api.ts';
import { filterOf, type LibrarySearch } from './library-search.ts';

/** Characters read at once: two screens of a large one. */
const PAGE = 120;

/** Everything below `characters` is read again when a character comes, changes or goes. */
export const libraryQuery = (search: LibrarySearch, locale: Locale) => {
  const filter = { ...filterOf(search), sort: search.sort ?? 'name', locale };
  return infiniteQueryOptions({
    queryKey: ['characters', 'library', filter],
    queryFn: ({ pageParam, signal }) =>
      api.call('library', { query: { ...filter, cursor: pageParam, limit: PAGE }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
};

export const libraryOverviewQuery = (locale: Locale) =>
  queryOptions({
    queryKey: ['characters', 'overview', locale],
    queryFn: ({ signal }) => api.call('libraryOverview', { query: { locale }, signal }),
    placeholderData: keepPreviousData,
  });
