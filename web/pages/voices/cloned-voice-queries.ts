import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Locale } from '../../../contract/common.ts';
import { api } from '../../state/api.ts';

export const clonedVoicesQuery = queryOptions({
  queryKey: ['cloned-voices'],
  queryFn: ({ signal }) => api.call('clonedVoices', { signal }),
});

export const consentStatementQuery = ({
  name,
  providerId,
  locale,
}: {
  name: string;
  providerId: string;
  locale: Locale;
}) =>
  queryOptions({
    queryKey: ['consent-statement', name, providerId, locale],
    queryFn: ({ signal }) => api.call('consentStatement', { query: { name, providerId, locale }, signal }),
    placeholderData: keepPreviousData,
  });
