import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import {
  addModelFileSchema,
  catalogModelSchema,
  chooseModelSchema,
  detectedProvidersSchema,
  modelChoicesSchema,
  modelsOverviewSchema,
  providerSchema,
  providerVerdictSchema,
  saveProviderSchema,
  testProviderSchema,
} from '../../../contract/models.ts';
import type { Engines } from '../../features/engines/engines.ts';
import type { Providers } from '../../features/engines/providers.ts';
import type { Area } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';

const byId = z.object({ id: idSchema });
const user = { access: 'user', scope: ['chat', 'models'] } as const;
const owner = { access: 'owner' } as const;

/** Local models: what there is, fetching, choosing. */
export function modelsArea(engines: Engines): Area {
  const tags = ['models'];
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/models',
      schema: { summary: 'The catalog as it stands on this machine', tags, response: { 200: modelsOverviewSchema } },
      config: user,
      handler: () => engines.overview(),
    });
    app.route({
      method: 'GET',
      url: '/api/models/choices',
      schema: { summary: 'Every model that can be talked with now', tags, response: { 200: modelChoicesSchema } },
      config: user,
      handler: async () => ({ choices: await engines.choices() }),
    });
    app.route({
      method: 'POST',
      url: '/api/models/:id/download',
      schema: { summary: 'Begins a download', tags, params: byId, response: { 200: okSchema } },
      config: owner,
      handler: async ({ actor, params }) => {
        await engines.download(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'DELETE',
      url: '/api/models/:id/download',
      schema: { summary: 'Cancels a download', tags, params: byId, response: { 200: okSchema } },
      config: owner,
      handler: async ({ actor, params }) => {
        await engines.cancel(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'POST',
      url: '/api/models/:id/verify',
      schema: {
        summary: 'Computes the hash of the weights again',
        tags,
        params: byId,
        response: { 200: z.object({ ok: z.boolean() }) },
      },
      config: owner,
      handler: (request, reply) => engines.verify(request.actor, request.params.id, readerSignal(reply)),
    });
    app.route({
      method: 'DELETE',
      url: '/api/models/:id',
      schema: { summary: 'Removes the weights', tags, params: byId, response: { 200: okSchema } },
      config: owner,
      handler: async ({ actor, params }) => {
        await engines.remove(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'PUT',
      url: '/api/models/default',
      schema: {
        summary: 'Chooses the model of the house',
        tags,
        body: chooseModelSchema,
        response: { 200: modelsOverviewSchema },
      },
      config: owner,
      handler: (request, reply) => engines.choose(request.actor, request.body.ref, readerSignal(reply)),
    });
    app.route({
      method: 'POST',
      url: '/api/models/files',
      schema: {
        summary: 'Adds a GGUF file of the server’s disk',
        tags,
        body: addModelFileSchema,
        response: { 200: catalogModelSchema },
      },
      config: owner,
      handler: (request, reply) => engines.addFile(request.actor, request.body.path, readerSignal(reply)),
    });
  };
}

/** Models of others. */
export function providersArea(providers: Providers): Area {
  const tags = ['providers'];
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/providers',
      schema: {
        summary: 'The providers set up here',
        tags,
        response: { 200: z.object({ providers: z.array(providerSchema) }) },
      },
      config: owner,
      handler: async () => ({ providers: await providers.list() }),
    });
    app.route({
      method: 'POST',
      url: '/api/providers',
      schema: { summary: 'Adds a provider', tags, body: saveProviderSchema, response: { 200: providerSchema } },
      config: owner,
      handler: (request, reply) => providers.create(request.actor, request.body, readerSignal(reply)),
    });
    app.route({
      method: 'PUT',
      url: '/api/providers/:id',
      schema: {
        summary: 'Changes a provider',
        tags,
        params: byId,
        body: saveProviderSchema,
        response: { 200: providerSchema },
      },
      config: owner,
      handler: (request, reply) =>
        providers.update(request.actor, request.params.id, { input: request.body, signal: readerSignal(reply) }),
    });
    app.route({
      method: 'DELETE',
      url: '/api/providers/:id',
      schema: { summary: 'Removes a provider and its key', tags, params: byId, response: { 200: okSchema } },
      config: owner,
      handler: async ({ actor, params }) => {
        await providers.delete(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'POST',
      url: '/api/providers/test',
      schema: {
        summary: 'Asks a provider whether it would answer',
        tags,
        body: testProviderSchema,
        response: { 200: providerVerdictSchema },
      },
      config: owner,
      handler: (request, reply) => providers.test(request.actor, request.body, readerSignal(reply)),
    });
    app.route({
      method: 'GET',
      url: '/api/providers/detect',
      schema: { summary: 'Providers found on this machine', tags, response: { 200: detectedProvidersSchema } },
      config: owner,
      handler: async (request, reply) => ({ found: await providers.detect(request.actor, readerSignal(reply)) }),
    });
  };
}
