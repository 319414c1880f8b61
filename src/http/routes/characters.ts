import { z } from 'zod';
import {
  characterSchema,
  characterSummarySchema,
  createCharacterSchema,
  updateCharacterSchema,
} from '../../../contract/characters.ts';
import { idSchema, localeSchema, okSchema, type Locale } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import { isShownMedia } from '../../character/asset-media.ts';
import type { Library } from '../../features/library/library.ts';
import type { Shelves } from '../../features/library/shelves.ts';
import type { Area } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const query = z.object({ locale: localeSchema.optional() });
const tags = ['characters'];
const config = { access: 'user', scope: 'chat' } as const;
const forGuests = { ...config, guests: true } as const;
/** A picture of 2 MiB as base64, and the words. */
const FORM_BODY_LIMIT = 4 * 1024 * 1024;
/** Pictures are named by their hash and never change. */
const FOREVER = 'private, max-age=31536000, immutable';

export interface CharactersAreaOptions {
  library: Library;
  shelves: Shelves;
  localeOf: (actor: Actor) => Promise<Locale>;
}

export function charactersArea({ library, shelves, localeOf }: CharactersAreaOptions): Area {
  const pick = async (actor: Actor, asked: Locale | undefined) => asked ?? (await localeOf(actor));
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/characters',
      schema: {
        summary: 'The starters and one’s own',
        tags,
        querystring: query,
        response: { 200: z.object({ characters: z.array(characterSummarySchema) }) },
      },
      config,
      handler: async ({ actor, query: { locale } }) => ({
        characters: await shelves.listAll({ actor, locale: await pick(actor, locale) }),
      }),
    });
    app.route({
      method: 'POST',
      url: '/api/characters',
      bodyLimit: FORM_BODY_LIMIT,
      schema: {
        summary: 'Creates a character',
        tags,
        querystring: query,
        body: createCharacterSchema,
        response: { 200: characterSchema },
      },
      config,
      handler: async ({ actor, body, query: { locale } }) => library.create(actor, body, await pick(actor, locale)),
    });
    app.route({
      method: 'GET',
      url: '/api/characters/:id',
      schema: { summary: 'One character', tags, params: byId, querystring: query, response: { 200: characterSchema } },
      config,
      handler: async ({ actor, params, query: { locale } }) =>
        library.read(actor, params.id, await pick(actor, locale)),
    });
    app.route({
      method: 'PUT',
      url: '/api/characters/:id',
      bodyLimit: FORM_BODY_LIMIT,
      schema: {
        summary: 'Saves a new version',
        tags,
        params: byId,
        querystring: query,
        body: updateCharacterSchema,
        response: { 200: characterSchema },
      },
      config,
      handler: async ({ actor, params, body: { expectedVersionId, ...fields }, query: { locale } }) =>
        library.update(actor, params.id, { fields, expectedVersionId, locale: await pick(actor, locale) }),
    });
    app.route({
      method: 'DELETE',
      url: '/api/characters/:id',
      schema: { summary: 'Deletes it; its conversations stay', tags, params: byId, response: { 200: okSchema } },
      config,
      handler: async ({ actor, params }) => {
        await library.delete(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'POST',
      url: '/api/characters/:id/restore',
      schema: {
        summary: 'Undoes its deletion',
        tags,
        params: byId,
        querystring: query,
        response: { 200: characterSchema },
      },
      config,
      handler: async ({ actor, params, query: { locale } }) =>
        library.restore(actor, params.id, await pick(actor, locale)),
    });
    app.route({
      method: 'GET',
      url: '/api/assets/:hash',
      schema: {
        summary: 'A picture, a sound or another file of a character',
        tags,
        params: z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) }),
      },
      config: forGuests,
      handler: async ({ actor, params }, reply) => {
        const { mediaType, bytes } = await library.asset(actor, params.hash);
        const shown = isShownMedia(mediaType);
        if (!shown) reply.header('content-disposition', 'attachment');
        return reply
          .type(shown ? mediaType : 'application/octet-stream')
          .header('cache-control', FOREVER)
          .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
          .send(bytes);
      },
    });
  };
}
