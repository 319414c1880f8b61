import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Locale } from '../../contract/common.ts';
import type { ConversationSort } from '../../contract/organising.ts';
import { api } from './api.ts';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.call('me', { signal }),
  staleTime: 60_000,
});

/** Faces beside the list of conversations; the rest are on their own page. */
const FACES = 8;

export const facesQuery = (locale: Locale) =>
  queryOptions({
    queryKey: ['characters', 'faces', locale],
    queryFn: async ({ signal }) =>
      (await api.call('library', { query: { locale, sort: 'recent', limit: FACES }, signal })).characters,
  });

export const charactersQuery = (locale: Locale) =>
  queryOptions({
    queryKey: ['characters', locale],
    queryFn: async ({ signal }) => (await api.call('characters', { query: { locale }, signal })).characters,
  });

export const characterQuery = (id: string, locale: Locale) =>
  queryOptions({
    queryKey: ['character', id, locale],
    queryFn: ({ signal }) => api.call('character', { params: { id }, query: { locale }, signal }),
  });

export const characterFieldsQuery = (id: string, locale: Locale) =>
  queryOptions({
    queryKey: ['character', id, 'fields', locale],
    queryFn: ({ signal }) => api.call('characterFields', { params: { id }, query: { locale }, signal }),
  });

export const characterVersionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['character', id, 'versions'],
    queryFn: async ({ signal }) => (await api.call('characterVersions', { params: { id }, signal })).versions,
  });

/** Versions never change. */
export const characterVersionQuery = (id: string, versionId: string, locale: Locale) =>
  queryOptions({
    queryKey: ['characterVersion', id, versionId, locale],
    queryFn: ({ signal }) => api.call('characterVersion', { params: { id, versionId }, query: { locale }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Asked again while the server is still counting a long history. */
export const characterDetailsQuery = (id: string) =>
  queryOptions({
    queryKey: ['character', id, 'details'],
    queryFn: ({ signal }) => api.call('characterDetails', { params: { id }, signal }),
    refetchInterval: ({ state: { data } }) => (data?.statistics.complete === false ? 300 : false),
  });

/** By how the reader keeps them. */
export interface ListNarrowing {
  favourite?: 'true';
  archived?: 'only';
  folder?: string;
  tag?: string;
  /** The newest first without it. */
  sort?: ConversationSort;
}

export const conversationsQuery = (filter: { search?: string; character?: string } & ListNarrowing) =>
  infiniteQueryOptions({
    queryKey: ['conversations', filter],
    queryFn: ({ pageParam, signal }) =>
      api.call('conversations', {
        query: {
          search: filter.search === '' ? undefined : filter.search,
          character: filter.character,
          favourite: filter.favourite,
          archived: filter.archived,
          folder: filter.folder,
          tag: filter.tag,
          sort: filter.sort,
          cursor: pageParam,
          // The first page is to be there at once; whoever goes on is going far.
          limit: pageParam === undefined ? 40 : 100,
        },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

const isMoving = (state: string) => ['queued', 'downloading', 'verifying'].includes(state);

/** Asked again every second while the first start or a download moves; slowly otherwise. */
export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => api.call('models', { signal }),
  staleTime: 900,
  refetchInterval: ({ state: { data } }) => {
    if (data === undefined) return 3_000;
    const moving = data.models.some(({ state }) => isMoving(state));
    const starting = ['probing', 'fetching'].includes(data.start.phase) || data.engine.state === 'loading';
    return moving || starting ? 1_000 : 30_000;
  },
});

export const modelChoicesQuery = queryOptions({
  queryKey: ['models', 'choices'],
  queryFn: async ({ signal }) => (await api.call('modelChoices', { signal })).choices,
});

/** Voices and ears; asked again every second while one is being fetched. Under `models`, so that what changes one refreshes both. */
export const speechModelsQuery = queryOptions({
  queryKey: ['models', 'speech'],
  queryFn: async ({ signal }) => (await api.call('speechModels', { signal })).models,
  staleTime: 900,
  refetchInterval: ({ state: { data } }) => (data?.some(({ state }) => isMoving(state)) ? 1_000 : 30_000),
});

/** Embedding models; asked again every second while one is being fetched. */
export const embeddingsQuery = queryOptions({
  queryKey: ['models', 'embeddings'],
  queryFn: ({ signal }) => api.call('embeddings', { signal }),
  staleTime: 900,
  refetchInterval: ({ state: { data } }) => (data?.models.some(({ state }) => isMoving(state)) ? 1_000 : 30_000),
});

/** Whether a call in a language can be held; asked again every second while what is missing is being fetched. */
export const voiceReadinessQuery = (locale: Locale) =>
  queryOptions({
    queryKey: ['models', 'readiness', locale],
    queryFn: ({ signal }) => api.call('voiceReadiness', { query: { language: locale }, signal }),
    staleTime: 900,
    refetchInterval: ({ state: { data } }) => (data?.fetching ? 1_000 : 30_000),
  });

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: async ({ signal }) => (await api.call('providers', { signal })).providers,
});

export const detectedProvidersQuery = queryOptions({
  queryKey: ['providers', 'detect'],
  queryFn: async ({ signal }) => (await api.call('detectProviders', { signal })).found,
  staleTime: 60_000,
});

export const receiptQuery = (messageId: string) =>
  queryOptions({
    queryKey: ['receipt', messageId],
    queryFn: ({ signal }) => api.call('receipt', { params: { id: messageId }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async ({ signal }) => (await api.call('sessions', { signal })).sessions,
});

export const houseSettingsQuery = queryOptions({
  queryKey: ['house', 'settings'],
  queryFn: ({ signal }) => api.call('houseSettings', { signal }),
});

export const httpsQuery = queryOptions({
  queryKey: ['house', 'https'],
  queryFn: ({ signal }) => api.call('https', { signal }),
});

export const usersQuery = queryOptions({
  queryKey: ['house', 'users'],
  queryFn: async ({ signal }) => (await api.call('users', { signal })).users,
});

export const invitationsQuery = queryOptions({
  queryKey: ['house', 'invitations'],
  queryFn: async ({ signal }) => (await api.call('invitations', { signal })).invitations,
});

export const aboutQuery = queryOptions({
  queryKey: ['about'],
  queryFn: ({ signal }) => api.call('about', { signal }),
});

export const booksQuery = (locale: Locale) =>
  queryOptions({
    queryKey: ['books', locale],
    queryFn: async ({ signal }) => (await api.call('lorebooks', { query: { locale }, signal })).books,
  });

/** A book with its entries, as it was when it was opened: an editor keeps its own state from there. */
export const bookQuery = (id: string, locale: Locale) =>
  queryOptions({
    queryKey: ['book', id, locale],
    queryFn: ({ signal }) => api.call('lorebook', { params: { id }, query: { locale }, signal }),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** What a book hangs on, kept beside the book. */
export const bookLinksKey = (id: string) => ['bookLinks', id] as const;

/** The book inside a card, as it was when it was opened. */
export const characterBookQuery = (id: string, locale: Locale) =>
  queryOptions({
    queryKey: ['characterBook', id, locale],
    queryFn: ({ signal }) => api.call('characterBook', { params: { id }, query: { locale }, signal }),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** Messages at the end of a conversation that are enough to try a book on. */
const TAIL_LENGTH = 30;

export const conversationTailQuery = (id: string) =>
  queryOptions({
    queryKey: ['conversationTail', id],
    queryFn: async ({ signal }) => {
      const [conversation, page] = await Promise.all([
        api.call('conversation', { params: { id }, signal }),
        api.call('messages', { params: { id }, query: { limit: TAIL_LENGTH }, signal }),
      ]);
      return { characterId: conversation.character.id, messages: page.messages };
    },
  });
