import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from '../../../state/api.ts';
import { USAGE_SPANS } from '../usage/usage-view.ts';
import type { UsageSpan } from '../usage/usage-view.ts';

export interface CallFilters {
  span: UsageSpan;
  model?: string | undefined;
  keyId?: string | undefined;
  teamId?: string | undefined;
  outcome?: string | undefined;
}

/** Often enough to see a call that was just made. */
const LOOK_AGAIN_IN_MS = 5000;

export const callLogQuery = ({ span, ...filters }: CallFilters) =>
  infiniteQueryOptions({
    queryKey: ['platform', 'calls', span, filters],
    queryFn: ({ pageParam, signal }) => {
      const from = Date.now() - USAGE_SPANS[span];
      return api.call('meteredCalls', { query: { ...filters, from, cursor: pageParam, limit: 50 }, signal });
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    // Who read further back is looking for something: it must not move.
    refetchInterval: ({ state: { data } }) => ((data?.pages.length ?? 0) > 1 ? false : LOOK_AGAIN_IN_MS),
  });
