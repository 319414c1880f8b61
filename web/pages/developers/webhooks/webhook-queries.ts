import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../state/api.ts';
import { useGuard } from '../../../state/use-guard.ts';

export const webhooksQuery = queryOptions({
  queryKey: ['platform', 'webhooks'],
  queryFn: async ({ signal }) => (await api.call('webhooks', { signal })).webhooks,
});

/** Runs a call and reads webhooks and what was sent again; undefined where it failed. */
export function useWebhookChange(): <Value>(work: Promise<Value>) => Promise<Value | undefined> {
  const guard = useGuard();
  const queryClient = useQueryClient();
  return async (work) => {
    const value = await guard(work);
    if (value !== undefined) await queryClient.invalidateQueries({ queryKey: ['platform', 'webhooks'] });
    return value;
  };
}
