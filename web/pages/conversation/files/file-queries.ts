import { queryOptions } from '@tanstack/react-query';
import { api } from '../../../state/api.ts';

/** Asked anew now and then: the owner may choose another model at any time. */
export const abilitiesQuery = (conversationId: string) =>
  queryOptions({
    queryKey: ['conversation', conversationId, 'abilities'],
    queryFn: ({ signal }) => api.call('conversationAbilities', { params: { id: conversationId }, signal }),
    staleTime: 15_000,
  });

/** A file's text never changes. `from` is the first passage; absent = around `position`. */
export const fileTextQuery = (id: string, place: { position?: number; from?: number }) =>
  queryOptions({
    queryKey: ['attachment', id, place],
    queryFn: ({ signal }) => api.call('attachmentText', { params: { id }, query: place, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
