import { z } from 'zod';
import { idSchema } from '../../../contract/common.ts';
import { messageSearchQuerySchema, searchPageSchema, wideSearchQuerySchema } from '../../../contract/search.ts';
import type { MessageSearches } from '../../features/chat/message-search.ts';
import type { Area } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const tags = ['search'];
const config = { access: 'user', scope: 'chat' } as const;

/** Words that were said, found again. */
export function searchArea(searches: MessageSearches): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/search/messages',
      schema: {
        summary: 'Messages with all the words of `q`, in every conversation one may open',
        tags,
        querystring: wideSearchQuerySchema,
        response: { 200: searchPageSchema },
      },
      config,
      handler: ({ actor, query }) => searches.search(actor, query),
    });
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/search',
      schema: {
        summary: 'Messages with all the words of `q` in one conversation, on every branch or only the active path',
        tags,
        params: byId,
        querystring: messageSearchQuerySchema,
        response: { 200: searchPageSchema },
      },
      config: { ...config, guests: true },
      handler: ({ actor, params, query }) => searches.search(actor, { ...query, conversation: params.id }),
    });
  };
}
