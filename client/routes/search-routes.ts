import { searchPageSchema } from '../../contract/search.ts';
import type { ApiRoute } from '../api-route.ts';

/** Words that were said, found again. */
export const SEARCH_ROUTES = {
  searchMessages: { method: 'GET', path: '/api/search/messages', response: searchPageSchema },
  searchConversation: { method: 'GET', path: '/api/conversations/:id/search', response: searchPageSchema },
} as const satisfies Record<string, ApiRoute>;
