import { z } from 'zod';
import { idSchema } from '../../../contract/common.ts';
import { promptRecordSchema } from '../../../contract/prompts.ts';
import type { Prompts } from '../../features/chat/prompts.ts';
import type { Area } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const tags = ['messages'];
const config = { access: 'user', scope: 'chat' } as const;

/** What models see, word for word. */
export function promptsArea(prompts: Prompts): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/messages/:id/prompt',
      schema: {
        summary: 'The exact prompt of a reply, by segment',
        tags,
        params: byId,
        response: { 200: promptRecordSchema },
      },
      config,
      handler: ({ actor, params }) => prompts.ofReply(actor, params.id),
    });
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/prompt',
      schema: {
        summary: 'The prompt of the next reply, as it would be sent now',
        tags,
        params: byId,
        response: { 200: promptRecordSchema },
      },
      config,
      handler: ({ actor, params, signal }) => prompts.next(actor, params.id, signal),
    });
  };
}
