import { queryOptions } from '@tanstack/react-query';
import type { Locale } from '../../../contract/common.ts';
import { api } from '../../state/api.ts';

export const voicesQuery = queryOptions({
  queryKey: ['voices'],
  queryFn: ({ signal }) => api.call('voices', { signal }),
});

export const characterVoiceQuery = (characterId: string, locale: Locale) =>
  queryOptions({
    queryKey: ['character-voice', characterId, locale],
    queryFn: ({ signal }) => api.call('characterVoice', { params: { id: characterId }, query: { locale }, signal }),
  });

export const pronunciationsQuery = queryOptions({
  queryKey: ['pronunciations'],
  queryFn: async ({ signal }) => (await api.call('pronunciations', { signal })).pronunciations,
});
