import { queryOptions } from '@tanstack/react-query';
import { api } from '../../state/api.ts';

/** How often is looked while conversations are being read; milliseconds. */
const READING_LOOK_IN_MS = 2000;

export const worldsQuery = queryOptions({
  queryKey: ['worlds'],
  queryFn: async ({ signal }) => (await api.call('worlds', { signal })).worlds,
});

export const worldQuery = (id: string) =>
  queryOptions({
    queryKey: ['worlds', id],
    queryFn: ({ signal }) => api.call('world', { params: { id }, signal }),
  });

export const worldFactsQuery = (id: string) =>
  queryOptions({
    queryKey: ['worlds', id, 'facts'],
    queryFn: ({ signal }) => api.call('worldFacts', { params: { id }, signal }),
    refetchInterval: ({ state }) => (state.data?.reading === true ? READING_LOOK_IN_MS : false),
  });

export const worldConversationsQuery = (id: string) =>
  queryOptions({
    queryKey: ['worlds', id, 'conversations'],
    queryFn: async ({ signal }) => (await api.call('worldConversations', { params: { id }, signal })).conversations,
  });
