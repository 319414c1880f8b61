import { queryOptions } from '@tanstack/react-query';
import type { Locale } from '../../../contract/common.ts';
import { api } from '../../state/api.ts';

export const callConversationQuery = (id: string) =>
  queryOptions({
    queryKey: ['conversation', id],
    queryFn: ({ signal }) => api.call('conversation', { params: { id }, signal }),
  });

export const callPreferencesQuery = queryOptions({
  queryKey: ['call-preferences'],
  queryFn: ({ signal }) => api.call('callPreferences', { signal }),
  staleTime: 60_000,
});

/** Asked again every second while something is fetched. */
export const voiceReadinessQuery = (language: Locale) =>
  queryOptions({
    queryKey: ['voice-readiness', language],
    queryFn: ({ signal }) => api.call('voiceReadiness', { query: { language }, signal }),
    refetchInterval: ({ state: { data } }) => (data?.fetching === true ? 1_000 : false),
  });
