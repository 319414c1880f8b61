import { queryOptions } from '@tanstack/react-query';
import { api } from '../../state/api.ts';

export const callConversationQuery = (id: string) =>
  queryOptions({
    queryKey: ['conversation', id],
    queryFn: ({ signal }) => api.call('conversation', { params: { id }, signal }),
  });
