import { queryOptions } from '@tanstack/react-query';
import { api } from '../../state/api.ts';
import { listModels } from './call-v1.ts';

export const platformKeysQuery = queryOptions({
  queryKey: ['platform', 'keys'],
  queryFn: async ({ signal }) => (await api.call('platformKeys', { signal })).keys,
});

export const teamsQuery = queryOptions({
  queryKey: ['platform', 'teams'],
  queryFn: async ({ signal }) => (await api.call('teams', { signal })).teams,
});

export const modelsQuery = queryOptions({
  queryKey: ['platform', 'models'],
  queryFn: ({ signal }) => listModels(signal),
  staleTime: 30_000,
});

/** In force now. */
export const pricesQuery = queryOptions({
  queryKey: ['platform', 'prices'],
  queryFn: ({ signal }) => api.call('prices', { signal }),
});

export const budgetsQuery = queryOptions({
  queryKey: ['platform', 'budgets'],
  queryFn: ({ signal }) => api.call('budgets', { signal }),
  refetchInterval: 10_000,
});

export const accountsQuery = queryOptions({
  queryKey: ['platform', 'accounts'],
  queryFn: ({ signal }) => api.call('bookAccounts', { signal }),
});

export const plansQuery = queryOptions({
  queryKey: ['platform', 'plans'],
  queryFn: ({ signal }) => api.call('plans', { signal }),
});

/** Currency, time zone and usual credit. */
export const booksSettingsQuery = queryOptions({
  queryKey: ['platform', 'books'],
  queryFn: ({ signal }) => api.call('booksSettings', { signal }),
});
