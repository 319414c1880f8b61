import { queryOptions } from '@tanstack/react-query';
import { api } from '../../../state/api.ts';
import { USAGE_SPANS } from './usage-view.ts';
import type { UsageGroup, UsageSpan } from './usage-view.ts';

/** Often enough to see a call that was just made. */
const LOOK_AGAIN_IN_MS = 5000;

export const usageQuery = (span: UsageSpan, group: UsageGroup, teamId: string | undefined) =>
  queryOptions({
    queryKey: ['platform', 'usage', span, group, teamId],
    queryFn: ({ signal }) => {
      const from = Date.now() - USAGE_SPANS[span];
      const query = { from, by: group, per: span === 'day' ? ('hour' as const) : ('day' as const), teamId };
      return api.call('usageReport', { query, signal });
    },
    refetchInterval: LOOK_AGAIN_IN_MS,
  });
