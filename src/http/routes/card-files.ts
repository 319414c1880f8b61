import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import {
  cardImportSchema,
  exportChoicesSchema,
  exportFormatSchema,
  exportManySchema,
  importLinkSchema,
  MAX_CARD_FILE_BYTES,
} from '../../../contract/cards.ts';
import { importCharacterSchema } from '../../../contract/characters.ts';
import { idSchema, localeSchema, type Locale } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import { TooLargeError } from '../../base/errors.ts';
import { exportMany } from '../../features/library/bulk-export.ts';
import type { CardExports, ExportedCard } from '../../features/library/card-exports.ts';
import type { CardImports } from '../../features/library/card-imports.ts';
import { attachment } from '../attachment.ts';
import type { Area } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';
import { streamBody } from '../stream-body.ts';

const byId = z.object({ id: idSchema });
const importQuery = z.object({
  locale: localeSchema.optional(),
  /** `1` adds a character that is here already once more. */
  keepBoth: z.literal('1').optional(),
});
const fileQuery = importQuery.extend({ fileName: z.string().min(1).max(255) });
const exportQuery = z.object({ format: exportFormatSchema });
const tags = ['characters'];
const BYTES = 'application/octet-stream';
const config = { access: 'user', scope: 'chat' } as const;
/** A card of 12 MiB as base64 in JSON; larger ones take the way of files. */
const JSON_BODY_LIMIT = 18 * 1024 * 1024;
/** A picture that a browser converted. */
const PICTURE_LIMIT = 32 * 1024 * 1024;

export interface CardFilesAreaOptions {
  imports: CardImports;
  exports: CardExports;
  localeOf: (actor: Actor) => Promise<Locale>;
}

/** Cards in and out. */
export function cardFilesArea({ imports, exports, localeOf }: CardFilesAreaOptions): Area {
  const pick = async (actor: Actor, asked: Locale | undefined) => asked ?? (await localeOf(actor));
  return (app) => {
    // The body stays a stream: it goes to disk as it comes. A page elsewhere cannot send this type without asking.
    app.addContentTypeParser(BYTES, (_request, payload, done) => done(null, payload));
    app.route({
      method: 'POST',
      url: '/api/characters/import',
      bodyLimit: JSON_BODY_LIMIT,
      schema: {
        summary: 'Reads a character card of at most 12 MiB, in base64',
        tags,
        querystring: importQuery,
        body: importCharacterSchema,
        response: { 200: cardImportSchema },
      },
      config,
      handler: async ({ actor, body, query }, reply) =>
        imports.fromBytes(actor, Buffer.from(body.data, 'base64'), {
          fileName: body.fileName,
          keepBoth: query.keepBoth !== undefined,
          locale: await pick(actor, query.locale),
          signal: readerSignal(reply),
        }),
    });
    app.route({
      method: 'POST',
      url: '/api/characters/import-file',
      bodyLimit: MAX_CARD_FILE_BYTES,
      schema: {
        summary: 'Reads a character card of any kind; the body is the file, at most 256 MiB',
        consumes: [BYTES],
        tags,
        querystring: fileQuery,
        response: { 200: cardImportSchema },
      },
      config,
      handler: async ({ actor, body, query }, reply) =>
        imports.fromStream(actor, streamBody(body, BYTES), {
          fileName: query.fileName,
          keepBoth: query.keepBoth !== undefined,
          locale: await pick(actor, query.locale),
          signal: readerSignal(reply),
        }),
    });
    app.route({
      method: 'POST',
      url: '/api/characters/import-link',
      schema: {
        summary: 'Fetches a card from a link and reads it',
        tags,
        querystring: z.object({ locale: localeSchema.optional() }),
        body: importLinkSchema,
        response: { 200: cardImportSchema },
      },
      config,
      handler: async ({ actor, body, query }, reply) =>
        imports.fromLink(actor, body.url, {
          keepBoth: body.keepBoth,
          locale: await pick(actor, query.locale),
          signal: readerSignal(reply),
        }),
    });
    app.route({
      method: 'GET',
      url: '/api/characters/:id/exports',
      schema: {
        summary: 'What each kind of export would lose',
        tags,
        params: byId,
        response: { 200: exportChoicesSchema },
      },
      config,
      handler: ({ actor, params }) => exports.choices(actor, params.id),
    });
    app.route({
      method: 'GET',
      url: '/api/characters/:id/export',
      schema: { summary: 'The character as a file', tags, params: byId, querystring: exportQuery },
      config,
      handler: async ({ actor, params, query }, reply) =>
        send(reply, await exports.export(actor, params.id, { format: query.format, pngPicture: null })),
    });
    app.route({
      method: 'POST',
      url: '/api/library/export',
      schema: { summary: 'Many characters as one zip', tags, body: exportManySchema },
      config,
      handler: async ({ actor, body }, reply) =>
        send(reply, {
          body: await exportMany(exports, actor, body),
          mediaType: 'application/zip',
          fileName: 'characters.zip',
        }),
    });
    app.route({
      method: 'POST',
      url: '/api/characters/:id/export',
      bodyLimit: PICTURE_LIMIT,
      schema: {
        summary: 'The character as a file, around its picture as a PNG, which is the body',
        consumes: [BYTES],
        tags,
        params: byId,
        querystring: exportQuery,
      },
      config,
      handler: async ({ actor, params, query, body }, reply) => {
        const pngPicture = await buffer(limited(streamBody(body, BYTES), PICTURE_LIMIT));
        return send(reply, await exports.export(actor, params.id, { format: query.format, pngPicture }));
      },
    });
  };
}

interface FileReply {
  type(mediaType: string): FileReply;
  header(name: string, value: string): FileReply;
  send(body: ExportedCard['body']): unknown;
}

function send(
  reply: FileReply,
  { body, mediaType, fileName }: Pick<ExportedCard, 'body' | 'mediaType' | 'fileName'>,
): unknown {
  return reply
    .type(mediaType)
    .header('content-disposition', attachment(fileName))
    .header('cache-control', 'no-store')
    .send(body);
}

async function* limited(body: AsyncIterable<Buffer>, limit: number): AsyncIterable<Buffer> {
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > limit) throw new TooLargeError('The picture is larger than 32 MiB.', { code: 'picture-too-large' });
    yield part;
  }
}
