import { z } from 'zod';
import { characterSummarySchema } from '../../../contract/characters.ts';
import { idSchema, localeSchema, okSchema, type Locale } from '../../../contract/common.ts';
import { namePersonaSchema, personaListSchema, personaSchema, savePersonaSchema } from '../../../contract/personas.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Personas } from '../../features/personas/personas.ts';
import type { Area } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const tags = ['personas'];
const config = { access: 'user', scope: 'chat' } as const;
/** A guest is somebody in the rooms they were let into; the rest is for members. */
const forGuests = { ...config, guests: true } as const;
/** A picture of 2 MiB as base64, and the words. */
const FORM_BODY_LIMIT = 4 * 1024 * 1024;

export interface PersonasAreaOptions {
  personas: Personas;
  localeOf: (actor: Actor) => Promise<Locale>;
}

/** Who a person can be, the default of them, and the one for each character. */
export function personasArea({ personas, localeOf }: PersonasAreaOptions): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/personas',
      schema: { summary: 'One’s own personas, by age', tags, response: { 200: personaListSchema } },
      config: forGuests,
      handler: async ({ actor }) => ({ personas: await personas.list(actor) }),
    });
    app.route({
      method: 'POST',
      url: '/api/personas',
      bodyLimit: FORM_BODY_LIMIT,
      schema: { summary: 'Creates a persona', tags, body: savePersonaSchema, response: { 200: personaSchema } },
      config: forGuests,
      handler: ({ actor, body }) => personas.create(actor, body),
    });
    app.route({
      method: 'PUT',
      url: '/api/personas/default',
      schema: {
        summary: 'Chooses who one is where nothing else says so; null for the account’s own name',
        tags,
        body: namePersonaSchema,
        response: { 200: personaListSchema },
      },
      config,
      handler: async ({ actor, body }) => ({ personas: await personas.setDefault(actor, body.personaId) }),
    });
    app.route({
      method: 'GET',
      url: '/api/personas/:id',
      schema: { summary: 'One persona', tags, params: byId, response: { 200: personaSchema } },
      config,
      handler: ({ actor, params }) => personas.read(actor, params.id),
    });
    app.route({
      method: 'PUT',
      url: '/api/personas/:id',
      bodyLimit: FORM_BODY_LIMIT,
      schema: {
        summary: 'Changes a persona; names already given to messages stay',
        tags,
        params: byId,
        body: savePersonaSchema,
        response: { 200: personaSchema },
      },
      config: forGuests,
      handler: ({ actor, params, body }) => personas.update(actor, params.id, body),
    });
    app.route({
      method: 'DELETE',
      url: '/api/personas/:id',
      schema: {
        summary: 'Deletes it; who used it becomes who they would be without it',
        tags,
        params: byId,
        response: { 200: okSchema },
      },
      config,
      handler: async ({ actor, params }) => {
        await personas.delete(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'POST',
      url: '/api/personas/:id/restore',
      schema: { summary: 'Undoes its deletion', tags, params: byId, response: { 200: personaSchema } },
      config,
      handler: ({ actor, params }) => personas.restore(actor, params.id),
    });
    app.route({
      method: 'GET',
      url: '/api/personas/:id/characters',
      schema: {
        summary: 'The characters that meet one as this persona',
        tags,
        params: byId,
        querystring: z.object({ locale: localeSchema.optional() }),
        response: { 200: z.object({ characters: z.array(characterSummarySchema) }) },
      },
      config,
      handler: async ({ actor, params, query }) => ({
        characters: await personas.charactersOf(actor, params.id, query.locale ?? (await localeOf(actor))),
      }),
    });
    app.route({
      method: 'GET',
      url: '/api/characters/:id/persona',
      schema: { summary: 'Who one is for a character', tags, params: byId, response: { 200: namePersonaSchema } },
      config,
      handler: async ({ actor, params }) => ({ personaId: await personas.ofCharacter(actor, params.id) }),
    });
    app.route({
      method: 'PUT',
      url: '/api/characters/:id/persona',
      schema: {
        summary: 'Chooses who one is for a character; null for the default',
        tags,
        params: byId,
        body: namePersonaSchema,
        response: { 200: namePersonaSchema },
      },
      config,
      handler: async ({ actor, params, body }) => ({
        personaId: await personas.setOfCharacter(actor, params.id, body.personaId),
      }),
    });
  };
}
