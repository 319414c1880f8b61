import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import type { Me, UpdateMe } from '../../contract/accounts.ts';
import { api } from './api.ts';
import { applyAppearance } from './appearance.ts';
import { meQuery } from './queries.ts';

/** The person behind this session; loaded before any page inside the door is shown. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** Changes the account and everything on the page that follows from it. Rejects with `ApiError`. */
export function useUpdateMe(): (change: UpdateMe) => Promise<Me> {
  const queryClient = useQueryClient();
  return async (change) => {
    const me = await api.call('updateMe', { body: change });
    queryClient.setQueryData(meQuery.queryKey, me);
    applyAppearance(me.preferences);
    return me;
  };
}
