import { z } from 'zod';
import { idSchema } from '../../../contract/common.ts';
import { impersonateSchema } from '../../../contract/writing-help.ts';
import type { WritingHelp } from '../../features/chat/writing-help.ts';
import type { Area } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';
import { sendEvents } from '../sockets/sse.ts';

const byId = z.object({ id: idSchema });
const tags = ['conversations'];
const config = { access: 'user', scope: 'chat', guests: true } as const;
/** Calls a minute of one person: each keeps a model busy for a while. */
const MODEL_CALLS = 60;

/** What a model writes for a person who talks. */
export function writingHelpArea(help: WritingHelp): Area {
  return (app) => {
    const countCalls = app.limitCalls({ max: MODEL_CALLS, key: (request) => `model-call:${request.actor.userId}` });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/impersonation',
      schema: {
        summary: 'Writes the person’s next message, as events; nothing is kept',
        tags,
        params: byId,
        body: impersonateSchema,
      },
      config,
      preHandler: countCalls,
      handler: async ({ actor, params, body }, reply) => {
        const signal = readerSignal(reply);
        const parts = await help.impersonate(actor, params.id, { request: body, signal });
        await sendEvents(reply, () => parts);
      },
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/suggestions',
      schema: { summary: 'Three short things to say, as events; nothing is kept', tags, params: byId },
      config,
      preHandler: countCalls,
      handler: async ({ actor, params }, reply) => {
        const parts = await help.suggest(actor, params.id, readerSignal(reply));
        await sendEvents(reply, () => parts);
      },
    });
  };
}
