import type { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../../../client/api-error.ts';
import type { Me } from '../../../contract/accounts.ts';
import { conversationsQuery, meQuery } from '../queries.ts';
import { keptPersonId } from './keep-switch.ts';
import { KeptReading } from './kept-reading.ts';

/**
 * Who is here. While the server does not answer, the person who was here last on this device, with the list as it was:
 * both count as old, so that the server's own take their place as soon as it answers. Rejects like `api.call`.
 */
export async function readMeOrKept(queryClient: QueryClient): Promise<Me> {
  try {
    return await queryClient.ensureQueryData({ ...meQuery, retry: false });
  } catch (error) {
    const isAway = error instanceof ApiError && (error.status === 0 || error.status >= 502);
    const me = isAway ? await fillFromDevice(queryClient) : null;
    if (me === null) throw error;
    return me;
  }
}

async function fillFromDevice(queryClient: QueryClient): Promise<Me | null> {
  const userId = keptPersonId();
  if (userId === null) return null;
  try {
    const kept = new KeptReading(userId);
    const person = await kept.readPerson();
    if (person === null) return null;
    const page = { conversations: await kept.list(), nextCursor: null };
    const { queryKey } = conversationsQuery({ search: '' });
    queryClient.setQueryData(meQuery.queryKey, person.me, { updatedAt: 0 });
    queryClient.setQueryData(queryKey, { pages: [page], pageParams: [undefined] }, { updatedAt: 0 });
    return person.me;
  } catch {
    return null;
  }
}
