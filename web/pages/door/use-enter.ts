import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { Me } from '../../../contract/accounts.ts';
import { meQuery } from '../../state/queries.ts';

/** Goes inside as somebody: forgets what an earlier account loaded. */
export function useEnter(): (me: Me) => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async (me) => {
    queryClient.clear();
    queryClient.setQueryData(meQuery.queryKey, me);
    await router.navigate({ to: '/', replace: true });
  };
}
