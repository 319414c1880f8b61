import { queryOptions } from '@tanstack/react-query';
import { api } from '../../state/api.ts';

export const promptQuery = (messageId: string) =>
  queryOptions({
    queryKey: ['prompt', messageId],
    queryFn: ({ signal }) => api.call('messagePrompt', { params: { id: messageId }, signal }),
    staleTime: 60_000,
  });
