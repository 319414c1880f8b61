import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../../client/api-error.ts';

/** Retries only what may succeed later; a lost session sends the reader to the door. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ApiError && error.status === 401) onSignedOut();
      },
    }),
    defaultOptions: {
      queries: {
        // A house at home answers without the internet, and what does not answer has to say so.
        networkMode: 'always',
        staleTime: 10_000,
        retry: (count, error) => error instanceof ApiError && error.retryable && count < 3,
        throwOnError: false,
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
