import { z } from 'zod';
import {
  addPictureSchema,
  characterVersionSchema,
  forkCharacterSchema,
  renamePictureSchema,
  restoreVersionSchema,
  versionSummarySchema,
} from '../../../contract/character-fields.ts';
import { characterSchema } from '../../../contract/characters.ts';
import { idSchema, localeSchema, type Locale } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { CardPictures } from '../../features/authoring/pictures.ts';
import type { Versions } from '../../features/authoring/versions.ts';
import type { Area } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const byVersion = byId.extend({ versionId: idSchema });
const byPicture = byId.extend({ position: z.coerce.number().int().min(0).max(100_000) });
/** A picture of 2 MiB as base64. */
const PICTURE_BODY_LIMIT = 3 * 1024 * 1024;
const query = z.object({ locale: localeSchema.optional() });
const tags = ['characters'];
const config = { access: 'user', scope: 'chat' } as const;

export interface VersionsAreaOptions {
  versions: Versions;
  pictures: CardPictures;
  localeOf: (actor: Actor) => Promise<Locale>;
}

/** Every field of a character, its history, and copies of it. */
export function versionsArea({ versions, pictures, localeOf }: VersionsAreaOptions): Area {
  const pick = async (actor: Actor, asked: Locale | undefined) => asked ?? (await localeOf(actor));
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/characters/:id/fields',
      schema: {
        summary: 'Every field of its newest version',
        tags,
        params: byId,
        querystring: query,
        response: { 200: characterVersionSchema },
      },
      config,
      handler: async ({ actor, params, query: { locale } }) =>
        versions.read(actor, params.id, { locale: await pick(actor, locale) }),
    });
    app.route({
      method: 'GET',
      url: '/api/characters/:id/versions',
      schema: {
        summary: 'Its versions, newest first',
        tags,
        params: byId,
        response: { 200: z.object({ versions: z.array(versionSummarySchema) }) },
      },
      config,
      handler: async ({ actor, params }) => ({ versions: await versions.list(actor, params.id) }),
    });
    app.route({
      method: 'GET',
      url: '/api/characters/:id/versions/:versionId',
      schema: {
        summary: 'One version with every field',
        tags,
        params: byVersion,
        querystring: query,
        response: { 200: characterVersionSchema },
      },
      config,
      handler: async ({ actor, params, query: { locale } }) =>
        versions.read(actor, params.id, { versionId: params.versionId, locale: await pick(actor, locale) }),
    });
    app.route({
      method: 'POST',
      url: '/api/characters/:id/restore-version',
      schema: {
        summary: 'Adds a version equal to an older one',
        tags,
        params: byId,
        querystring: query,
        body: restoreVersionSchema,
        response: { 200: characterSchema },
      },
      config,
      handler: async ({ actor, params, body, query: { locale } }) =>
        versions.restore(actor, params.id, { ...body, locale: await pick(actor, locale) }),
    });
    app.route({
      method: 'POST',
      url: '/api/characters/:id/fork',
      schema: {
        summary: 'Copies it to a character of one’s own',
        tags,
        params: byId,
        querystring: query,
        body: forkCharacterSchema,
        response: { 200: characterSchema },
      },
      config,
      handler: async ({ actor, params, body, query: { locale } }) =>
        versions.fork(actor, params.id, { versionId: body.versionId, locale: await pick(actor, locale) }),
    });
    app.route({
      method: 'POST',
      url: '/api/characters/:id/pictures',
      bodyLimit: PICTURE_BODY_LIMIT,
      schema: {
        summary: 'Adds an expression, a background or a portrait, as a new version',
        tags,
        params: byId,
        querystring: query,
        body: addPictureSchema,
        response: { 200: characterVersionSchema },
      },
      config,
      handler: async ({ actor, params, body, query: { locale } }) =>
        pictures.add(actor, params.id, { ...body, locale: await pick(actor, locale) }),
    });
    app.route({
      method: 'PATCH',
      url: '/api/characters/:id/pictures/:position',
      schema: {
        summary: 'Renames a picture, as a new version',
        tags,
        params: byPicture,
        querystring: query,
        body: renamePictureSchema,
        response: { 200: characterVersionSchema },
      },
      config,
      handler: async ({ actor, params: { id, position }, body, query: { locale } }) =>
        pictures.rename(actor, id, { position, ...body, locale: await pick(actor, locale) }),
    });
    app.route({
      method: 'DELETE',
      url: '/api/characters/:id/pictures/:position',
      schema: {
        summary: 'Removes a picture, as a new version',
        tags,
        params: byPicture,
        querystring: query.extend({ expectedVersionId: idSchema }),
        response: { 200: characterVersionSchema },
      },
      config,
      handler: async ({ actor, params: { id, position }, query: { locale, expectedVersionId } }) =>
        pictures.remove(actor, id, { position, expectedVersionId, locale: await pick(actor, locale) }),
    });
  };
}
