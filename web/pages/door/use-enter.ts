import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { Me } from '../../../contract/accounts.ts';
import { meQuery } from '../../state/queries.ts';

/** Goes inside as somebody: forgets what an earlier account loaded. With `callId`, straight into a call of that conversation. */
export function useEnter(): (me: Me, callId?: string | null) => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async (me, callId = null) => {
    queryClient.clear();
    queryClient.setQueryData(meQuery.queryKey, me);
    if (callId === null) await router.navigate({ to: '/', replace: true });
    else {
      const params = { conversationId: callId };
      await router.navigate({ to: '/call/$conversationId', params, search: { elder: true }, replace: true });
    }
  };
}
