import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { FactAbout } from '../../../contract/memory.ts';
import { api } from '../../state/api.ts';
import type { FactShelf } from './memory-search.ts';

/** Everything of memory, of every character: a change in one view is seen in all. */
export const MEMORY_KEY = ['memory'] as const;
/** How often a page looks while messages are still being read, in ms. */
const LOOK_AGAIN = 5_000;
const PAGE = 50;

export const memoryOverviewQuery = (characterId: string) =>
  queryOptions({
    queryKey: [...MEMORY_KEY, characterId, 'overview'],
    queryFn: ({ signal }) => api.call('memoryOverview', { params: { id: characterId }, signal }),
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && data.work.toDistil + (data.work.toEmbed ?? 0) > 0 ? LOOK_AGAIN : false,
  });

export const memoryPortraitQuery = (characterId: string) =>
  queryOptions({
    queryKey: [...MEMORY_KEY, characterId, 'portrait'],
    queryFn: ({ signal }) => api.call('memoryPortrait', { params: { id: characterId }, signal }),
  });

export interface FactFilter {
  about: FactAbout | undefined;
  shelf: FactShelf;
}

const SHELF_QUERY: Record<FactShelf, { state?: string; counts?: string }> = {
  known: { counts: 'true' },
  pinned: { state: 'pinned' },
  'off-path': { counts: 'false' },
  corrected: { state: 'corrected' },
};

export const memoryFactsQuery = (characterId: string, { about, shelf }: FactFilter) =>
  infiniteQueryOptions({
    queryKey: [...MEMORY_KEY, characterId, 'facts', { about, shelf }],
    queryFn: ({ pageParam, signal }) =>
      api.call('memoryFacts', {
        params: { id: characterId },
        query: { about, ...SHELF_QUERY[shelf], cursor: pageParam, limit: PAGE },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const memoryTimelineQuery = (characterId: string) =>
  infiniteQueryOptions({
    queryKey: [...MEMORY_KEY, characterId, 'timeline'],
    queryFn: ({ pageParam, signal }) =>
      api.call('memoryTimeline', { params: { id: characterId }, query: { cursor: pageParam, limit: PAGE }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const memoryDiaryQuery = (characterId: string) =>
  infiniteQueryOptions({
    queryKey: [...MEMORY_KEY, characterId, 'diary'],
    queryFn: ({ pageParam, signal }) =>
      api.call('memoryDiary', { params: { id: characterId }, query: { cursor: pageParam, limit: PAGE }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const memoryDatesQuery = (characterId: string) =>
  queryOptions({
    queryKey: [...MEMORY_KEY, characterId, 'dates'],
    queryFn: async ({ signal }) => (await api.call('memoryDates', { params: { id: characterId }, signal })).dates,
  });

export const memoryRulesQuery = (characterId: string) =>
  queryOptions({
    queryKey: [...MEMORY_KEY, characterId, 'rules'],
    queryFn: async ({ signal }) => (await api.call('memoryRules', { params: { id: characterId }, signal })).rules,
  });

export const memorySearchQuery = (characterId: string, query: string) =>
  queryOptions({
    queryKey: [...MEMORY_KEY, characterId, 'search', query],
    queryFn: ({ signal }) => api.call('memorySearch', { params: { id: characterId }, query: { query }, signal }),
  });

export const memorySourcesQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: [...MEMORY_KEY, 'sources', ids],
    queryFn: async ({ signal }) => (await api.call('memorySources', { query: { ids: ids.join(',') }, signal })).sources,
  });
