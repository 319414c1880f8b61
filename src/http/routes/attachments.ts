import { z } from 'zod';
import {
  ATTACHMENT_BYTES,
  attachmentSchema,
  attachmentTextSchema,
  conversationAbilitiesSchema,
  describeAttachmentSchema,
} from '../../../contract/attachments.ts';
import { idSchema, okSchema } from '../../../contract/common.ts';
import type { Attachments } from '../../features/attachments/attachments.ts';
import { attachment as download } from '../attachment.ts';
import type { Area } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';
import { streamBody } from '../stream-body.ts';

const byId = z.object({ id: idSchema });
const fileQuery = z.object({ name: z.string().min(1).max(1000) });
const textQuery = z.object({
  /** A passage that is to be among those sent. */
  position: z.coerce.number().int().min(0).max(1_000_000).optional(),
  /** The first passage sent. */
  from: z.coerce.number().int().min(0).max(1_000_000).optional(),
});
const tags = ['attachments'];
const BYTES = 'application/octet-stream';
const config = { access: 'user', scope: 'chat' } as const;
/** Files a minute of one person: each may keep a process busy. */
const FILES_A_MINUTE = 120;

/** Files of conversations: in, out, and their text. */
export function attachmentsArea(attachments: Attachments): Area {
  return (app) => {
    // The body stays a stream until it is known whose it is.
    app.addContentTypeParser(BYTES, (_request, payload, done) => done(null, payload));
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/attachments',
      bodyLimit: ATTACHMENT_BYTES + 1,
      schema: {
        summary: 'Gives a file to a conversation; the body is the file, at most 50 MiB. A message then names it',
        consumes: [BYTES],
        tags,
        params: byId,
        querystring: fileQuery,
        response: { 200: attachmentSchema },
      },
      config,
      preHandler: app.limitCalls({ max: FILES_A_MINUTE, key: ({ actor }) => `attach:${actor.userId}` }),
      handler: ({ actor, params, query, body }, reply) =>
        attachments.add(actor, {
          conversationId: params.id,
          name: query.name,
          body: streamBody(body, BYTES),
          signal: readerSignal(reply),
        }),
    });
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/abilities',
      schema: {
        summary: 'What the model that would answer next can do',
        tags,
        params: byId,
        response: { 200: conversationAbilitiesSchema },
      },
      config,
      handler: ({ actor, params }, reply) => attachments.abilities(actor, params.id, readerSignal(reply)),
    });
    app.route({
      method: 'GET',
      url: '/api/attachments/:id/text',
      schema: {
        summary: 'Passages of a file',
        tags,
        params: byId,
        querystring: textQuery,
        response: { 200: attachmentTextSchema },
      },
      config,
      handler: ({ actor, params, query }) => attachments.text(actor, params.id, query),
    });
    app.route({
      method: 'PATCH',
      url: '/api/attachments/:id',
      schema: {
        summary: 'Says what a picture shows, before it is sent',
        tags,
        params: byId,
        body: describeAttachmentSchema,
        response: { 200: attachmentSchema },
      },
      config,
      handler: ({ actor, params, body }) => attachments.describe(actor, params.id, body.alt),
    });
    app.route({
      method: 'DELETE',
      url: '/api/attachments/:id',
      schema: { summary: 'Removes a file that was not sent', tags, params: byId, response: { 200: okSchema } },
      config,
      handler: async ({ actor, params }) => {
        await attachments.remove(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'GET',
      url: '/api/attachments/:id/file',
      schema: { summary: 'The file itself', tags, params: byId },
      config,
      handler: async ({ actor, params }, reply) => {
        const { record, bytes } = await attachments.bytes(actor, params.id);
        // Only pictures are shown in place; everything else is handed out as a download of no type.
        const shown = record.kind === 'image';
        if (!shown) reply.header('content-disposition', download(record.name));
        return reply
          .type(shown ? record.mediaType : BYTES)
          .header('cache-control', 'private, max-age=3600')
          .header('content-security-policy', "default-src 'none'; sandbox")
          .send(bytes);
      },
    });
  };
}
