import { queryOptions } from '@tanstack/react-query';
import { api } from '../../state/api.ts';

/** Everything about the tree of a conversation lies below this key. */
export const treeKey = (conversationId: string) => ['conversation', conversationId, 'tree'] as const;

export const treeQuery = (conversationId: string) =>
  queryOptions({
    queryKey: [...treeKey(conversationId), 'map'],
    queryFn: ({ signal }) => api.call('conversationTree', { params: { id: conversationId }, signal }),
  });

export const treeMatchesQuery = (conversationId: string, query: string) =>
  queryOptions({
    queryKey: [...treeKey(conversationId), 'search', query],
    queryFn: ({ signal }) => api.call('searchTree', { params: { id: conversationId }, query: { query }, signal }),
    enabled: query.trim() !== '',
  });

export const branchesQuery = (conversationId: string) =>
  queryOptions({
    queryKey: [...treeKey(conversationId), 'branches'],
    queryFn: ({ signal }) => api.call('branches', { params: { id: conversationId }, signal }),
  });

export const comparisonQuery = (conversationId: string, ends: { left: string; right: string }) =>
  queryOptions({
    queryKey: [...treeKey(conversationId), 'compare', ends],
    queryFn: ({ signal }) => api.call('compareBranches', { params: { id: conversationId }, query: ends, signal }),
  });

export const alternativesQuery = (conversationId: string, messageId: string) =>
  queryOptions({
    queryKey: [...treeKey(conversationId), 'alternatives', messageId],
    queryFn: ({ signal }) => api.call('alternatives', { params: { id: messageId }, signal }),
  });

export const conversationQuery = (conversationId: string) =>
  queryOptions({
    queryKey: ['conversation', conversationId],
    queryFn: ({ signal }) => api.call('conversation', { params: { id: conversationId }, signal }),
  });

export const messageQuery = (messageId: string) =>
  queryOptions({
    queryKey: ['message', messageId],
    queryFn: ({ signal }) => api.call('message', { params: { id: messageId }, signal }),
  });
