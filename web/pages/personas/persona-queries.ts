import { queryOptions } from '@tanstack/react-query';
import type { Locale } from '../../../contract/common.ts';
import { api } from '../../state/api.ts';

export const personasQuery = queryOptions({
  queryKey: ['personas'],
  queryFn: async ({ signal }) => (await api.call('personas', { signal })).personas,
});

export const charactersOfPersonaQuery = (id: string, locale: Locale) =>
  queryOptions({
    queryKey: ['personas', id, 'characters', locale],
    queryFn: async ({ signal }) =>
      (await api.call('charactersOfPersona', { params: { id }, query: { locale }, signal })).characters,
  });

export const personaOfCharacterQuery = (characterId: string) =>
  queryOptions({
    queryKey: ['personas', 'of-character', characterId],
    queryFn: async ({ signal }) =>
      (await api.call('personaOfCharacter', { params: { id: characterId }, signal })).personaId,
  });
