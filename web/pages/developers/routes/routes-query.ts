import { queryOptions } from '@tanstack/react-query';
import { api } from '../../../state/api.ts';

/** Health changes while one looks. */
const LOOK_AGAIN_IN_MS = 5000;

export const routesQuery = queryOptions({
  queryKey: ['platform', 'routes'],
  queryFn: ({ signal }) => api.call('routes', { signal }),
  refetchInterval: LOOK_AGAIN_IN_MS,
});
