import { Readable } from 'node:stream';
import { z } from 'zod';
import { idSchema } from '../../../contract/common.ts';
import {
  BUNDLE_LIMIT,
  exportConversationQuerySchema,
  moveStatusSchema,
  startMoveSchema,
  surveyMoveSchema,
} from '../../../contract/moving.ts';
import type { MovingIn } from '../../features/moving/moving-in.ts';
import type { MovingOut } from '../../features/moving/moving-out.ts';
import type { Area } from '../http-app.ts';
import { sendEvents } from '../sockets/sse.ts';
import { streamBody } from '../stream-body.ts';

const byId = z.object({ id: idSchema });
const tags = ['moving'];
const BUNDLE = 'application/x-everwith-bundle';
const config = { access: 'user', scope: 'chat' } as const;
const status = { 200: moveStatusSchema };

/** Moving in from other programs: collect, look through, take in. */
export function movingArea(moving: MovingIn): Area {
  return (app) => {
    // Files come as they are, as a stream; the feature holds them to their limits.
    app.addContentTypeParser(BUNDLE, (_request, payload, done) => done(null, payload));
    app.route({
      method: 'GET',
      url: '/api/moves/current',
      schema: {
        summary: 'The move under way, or the last one',
        tags,
        response: { 200: z.object({ move: moveStatusSchema.nullable() }) },
      },
      config,
      handler: ({ actor }) => ({ move: moving.current(actor) }),
    });
    app.route({
      method: 'POST',
      url: '/api/moves',
      schema: { summary: 'Begins to move something in', tags, response: status },
      config,
      handler: ({ actor }) => moving.begin(actor),
    });
    app.route({
      method: 'PUT',
      url: '/api/moves/:id/files',
      bodyLimit: BUNDLE_LIMIT,
      schema: {
        summary: 'Adds a bundle of files (application/x-everwith-bundle)',
        tags,
        params: byId,
        response: status,
      },
      config,
      handler: ({ actor, params, body }) => moving.receive(actor, params.id, streamBody(body, BUNDLE)),
    });
    app.route({
      method: 'POST',
      url: '/api/moves/:id/survey',
      schema: {
        summary: 'Looks through what was added, or a directory of this machine (owner only)',
        tags,
        params: byId,
        body: surveyMoveSchema,
        response: status,
      },
      config,
      handler: ({ actor, params, body }) => moving.survey(actor, params.id, body),
    });
    app.route({
      method: 'POST',
      url: '/api/moves/:id/start',
      schema: { summary: 'Takes in what was found', tags, params: byId, body: startMoveSchema, response: status },
      config,
      handler: ({ actor, params, body }) => moving.start(actor, params.id, body),
    });
    app.route({
      method: 'POST',
      url: '/api/moves/:id/cancel',
      schema: { summary: 'Ends it; what arrived whole stays', tags, params: byId, response: status },
      config,
      handler: ({ actor, params }) => moving.cancel(actor, params.id),
    });
    app.route({
      method: 'GET',
      url: '/api/moves/:id/events',
      schema: { summary: 'How it goes, as server-sent events (MoveEvent)', tags, params: byId },
      config,
      handler: async ({ actor, params }, reply) => {
        moving.require(actor, params.id);
        await sendEvents(reply, (signal) => moving.watch(actor, params.id, signal));
      },
    });
  };
}

/** One conversation as a file. */
export function movingOutArea(movingOut: MovingOut): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/export',
      schema: {
        summary: 'One branch or all, as Everwith or SillyTavern JSONL, Markdown, HTML or plain text',
        tags,
        params: byId,
        querystring: exportConversationQuerySchema,
      },
      config,
      handler: async ({ actor, params, query }, reply) => {
        const { fileName, mediaType, body } = await movingOut.export(actor, params.id, query);
        const ascii = fileName.replace(/[^\w. -]/g, '_');
        return reply
          .type(`${mediaType}; charset=utf-8`)
          .header(
            'content-disposition',
            `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
          )
          .send(Readable.from(body));
      },
    });
  };
}
