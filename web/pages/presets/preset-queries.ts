import { queryOptions } from '@tanstack/react-query';
import { api } from '../../state/api.ts';

export const presetsQuery = queryOptions({
  queryKey: ['presets'],
  queryFn: async ({ signal }) => (await api.call('presets', { signal })).presets,
});

export const presetQuery = (id: string) =>
  queryOptions({
    queryKey: ['presets', id],
    queryFn: ({ signal }) => api.call('preset', { params: { id }, signal }),
  });
