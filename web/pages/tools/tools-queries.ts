import { queryOptions } from '@tanstack/react-query';
import { api } from '../../state/api.ts';

export const toolServersQuery = queryOptions({
  queryKey: ['tool-servers'],
  queryFn: async ({ signal }) => (await api.call('toolServers', { signal })).servers,
});

export const conversationToolsQuery = (id: string) =>
  queryOptions({
    queryKey: ['conversation-tools', id],
    queryFn: ({ signal }) => api.call('conversationTools', { params: { id }, signal }),
  });
