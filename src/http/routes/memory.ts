import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import {
  changeFactSchema,
  changeMemorySettingsSchema,
  factAboutSchema,
  forgetSchema,
  importedMemorySchema,
  memoryFactListSchema,
  memoryFactSchema,
  memoryFileSchema,
  memoryOverviewSchema,
  memoryPortraitSchema,
  memorySearchSchema,
  memorySettingsSchema,
  memorySourceListSchema,
  memoryTimelineSchema,
  newFactSchema,
} from '../../../contract/memory.ts';
import type { Memories } from '../../features/memories/memories.ts';
import { attachment } from '../attachment.ts';
import type { Area } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';

const byId = z.object({ id: idSchema });
const pageQuery = {
  cursor: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};
const tags = ['memory'];
const config = { access: 'user', scope: 'chat' } as const;
/** A file of as many memories as one may hold. */
const FILE_LIMIT = 32 * 1024 * 1024;
/** Sources that are read at once. */
const MOST_SOURCES = 100;

const flagSchema = z.enum(['true', 'false']).transform((text) => text === 'true');
const factsQuery = z.object({
  query: z.string().max(500).optional(),
  about: factAboutSchema.optional(),
  state: memoryFactSchema.shape.state.optional(),
  /** `false` = those whose sources are off their path. */
  counts: flagSchema.optional(),
  ...pageQuery,
});
const forgetQuery = z.object({
  scope: forgetSchema.shape.scope,
  /** `true` also makes a rule against its words. */
  never: flagSchema.default(false),
});
const searchQuery = z.object({
  query: z.string().trim().min(1).max(500),
  /** Where one stands: only what may be known there. */
  conversationId: idSchema.optional(),
});
const sourcesQuery = z.object({
  /** Of messages, separated by commas. */
  ids: z
    .string()
    .min(1)
    .max(MOST_SOURCES * 129)
    .transform((text) => text.split(','))
    .pipe(z.array(idSchema).max(MOST_SOURCES)),
});

/** What a character remembers of the one who asks: how much, facts, search, sources, forgetting, files. */
export function memoryArea(memories: Memories): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/characters/:id/memory',
      schema: {
        summary: 'How much a character remembers, and what is still being read',
        tags,
        params: byId,
        response: { 200: memoryOverviewSchema },
      },
      config,
      handler: ({ actor, params }, reply) => memories.overviews.overview(actor, params.id, readerSignal(reply)),
    });
    app.route({
      method: 'GET',
      url: '/api/characters/:id/memory/settings',
      schema: { summary: 'How a character remembers', tags, params: byId, response: { 200: memorySettingsSchema } },
      config,
      handler: ({ actor, params }) => memories.switches.read(actor, params.id),
    });
    app.route({
      method: 'PATCH',
      url: '/api/characters/:id/memory/settings',
      schema: {
        summary: 'Changes how a character remembers; what is said during a pause stays unremembered',
        tags,
        params: byId,
        body: changeMemorySettingsSchema,
        response: { 200: memorySettingsSchema },
      },
      config,
      handler: ({ actor, params, body }) => memories.switches.change(actor, params.id, body),
    });
    app.route({
      method: 'GET',
      url: '/api/characters/:id/memory/timeline',
      schema: {
        summary: 'Everything that is remembered, newest first',
        tags,
        params: byId,
        querystring: z.object(pageQuery),
        response: { 200: memoryTimelineSchema },
      },
      config,
      handler: ({ actor, params, query }) => memories.overviews.timeline(actor, params.id, query),
    });
    app.route({
      method: 'GET',
      url: '/api/characters/:id/memory/portrait',
      schema: {
        summary: 'What a character knows about the one who asks, to be read',
        tags,
        params: byId,
        response: { 200: memoryPortraitSchema },
      },
      config,
      handler: ({ actor, params }) => memories.overviews.portrait(actor, params.id),
    });
    app.route({
      method: 'GET',
      url: '/api/characters/:id/memory/search',
      schema: {
        summary: 'Finds what was said and what is known',
        tags,
        params: byId,
        querystring: searchQuery,
        response: { 200: memorySearchSchema },
      },
      config,
      handler: ({ actor, params, query }, reply) =>
        memories.searches.find(actor, params.id, { ...query, signal: readerSignal(reply) }),
    });
  };
}

/** Facts, one by one; what they rest on; forgetting. */
export function memoryFactsArea(memories: Memories): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/characters/:id/memory/facts',
      schema: {
        summary: 'Facts, newest first; with a query the best first',
        tags,
        params: byId,
        querystring: factsQuery,
        response: { 200: memoryFactListSchema },
      },
      config,
      handler: ({ actor, params, query }) => memories.facts.list(actor, params.id, query),
    });
    app.route({
      method: 'POST',
      url: '/api/characters/:id/memory/facts',
      schema: {
        summary: 'Tells a character something to remember',
        tags,
        params: byId,
        body: newFactSchema,
        response: { 200: memoryFactSchema },
      },
      config,
      handler: ({ actor, params, body }) => memories.facts.add(actor, params.id, body),
    });
    app.route({
      method: 'PATCH',
      url: '/api/memory/facts/:id',
      schema: {
        summary: 'Corrects, pins or changes a fact; answers with the one that stands now',
        tags,
        params: byId,
        body: changeFactSchema,
        response: { 200: memoryFactSchema },
      },
      config,
      handler: ({ actor, params, body }) => memories.facts.change(actor, params.id, body),
    });
    app.route({
      method: 'DELETE',
      url: '/api/memory/facts/:id',
      schema: {
        summary: 'Forgets a fact for good, here and in every reply that was told it',
        tags,
        params: byId,
        querystring: forgetQuery,
        response: { 200: okSchema },
      },
      config,
      handler: async ({ actor, params, query }) => {
        await memories.forgetting.fact(actor, params.id, query);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'POST',
      url: '/api/messages/:id/forget',
      schema: {
        summary: 'Leaves a message where it is, and remembers nothing of it',
        tags,
        params: byId,
        response: { 200: okSchema },
      },
      config,
      handler: async ({ actor, params }) => {
        await memories.forgetting.message(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'GET',
      url: '/api/memory/sources',
      schema: {
        summary: 'Messages that memories rest on, with the turns around them',
        tags,
        querystring: sourcesQuery,
        response: { 200: memorySourceListSchema },
      },
      config,
      handler: ({ actor, query }) => memories.sources.read(actor, query.ids),
    });
  };
}

/** Memory as a file, out and in. */
export function memoryFilesArea({ files }: Memories): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/characters/:id/memory/export',
      schema: {
        summary: 'What a character remembers, as a file',
        tags,
        params: byId,
        response: { 200: memoryFileSchema },
      },
      config,
      handler: async ({ actor, params }, reply) => {
        const file = await files.export(actor, params.id);
        reply.header('content-disposition', attachment(`${file.character.name}.memory.json`));
        return file;
      },
    });
    app.route({
      method: 'POST',
      url: '/api/characters/:id/memory/import',
      bodyLimit: FILE_LIMIT,
      schema: {
        summary: 'Adds what a file remembers and is not here yet; with `dry=1` only says what would come',
        tags,
        params: byId,
        querystring: z.object({ dry: z.enum(['0', '1']).default('0') }),
        body: memoryFileSchema,
        response: { 200: importedMemorySchema },
      },
      config,
      handler: ({ actor, params, query, body }) =>
        files.import(actor, params.id, { file: body, dry: query.dry === '1' }),
    });
  };
}
