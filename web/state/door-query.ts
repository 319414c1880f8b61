import { queryOptions } from '@tanstack/react-query';
import { api } from './api.ts';

export const doorQuery = (invitation: string | null) =>
  queryOptions({
    queryKey: ['door', invitation],
    queryFn: ({ signal }) => api.call('door', { query: { invitation: invitation ?? undefined }, signal }),
  });
