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
