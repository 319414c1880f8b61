import { z } from 'zod';
import {
  characterVersionSchema,
  forkCharacterSchema,
  restoreVersionSchema,
  versionSummarySchema,
} from '../../../contract/character-fields.ts';
import { characterSchema } from '../../../contract/characters.ts';
import { idSchema, localeSchema, type Locale } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Versions } from '../../features/authoring/versions.ts';
import type { Area } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const byVersion = byId.extend({ versionId: idSchema });
const query = z.object({ locale: localeSchema.optional() });
const tags = ['characters'];
const config = { access: 'user', scope: 'chat' } as const;

export interface VersionsAreaOptions {
  versions: Versions;
  localeOf: (actor: Actor) => Promise<Locale>;
}

/** Every field of a character, its history, and copies of it. */
export function versionsArea({ versions, localeOf }: VersionsAreaOptions): Area {
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
  };
}
