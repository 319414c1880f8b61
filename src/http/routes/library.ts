import { z } from 'zod';
import { idSchema, localeSchema, okSchema, type Locale } from '../../../contract/common.ts';
import {
  bulkResultSchema,
  bulkSchema,
  characterDetailsSchema,
  characterFolderSchema,
  characterMarkSchema,
  createFolderSchema,
  deletedFolderSchema,
  foldersSchema,
  libraryFilterSchema,
  libraryOverviewSchema,
  libraryPageSchema,
  libraryQuerySchema,
  librarySelectionSchema,
  orderFoldersSchema,
  saveFolderSchema,
  updateMarkSchema,
} from '../../../contract/library.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { BulkChanges } from '../../features/library/bulk-changes.ts';
import type { Folders } from '../../features/library/folders.ts';
import type { Shelves } from '../../features/library/shelves.ts';
import type { Area, HttpApp } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const tags = ['library'];
const config = { access: 'user', scope: 'chat' } as const;
/** Twenty thousand ids, and what undoes a change of them all. */
const BULK_BODY_LIMIT = 4 * 1024 * 1024;

export interface LibraryAreaOptions {
  shelves: Shelves;
  folders: Folders;
  bulk: BulkChanges;
  localeOf: (actor: Actor) => Promise<Locale>;
}

/** The list of characters, its folders and marks. */
export function libraryArea(options: LibraryAreaOptions): Area {
  return (app) => {
    addListRoutes(app, options);
    addMarkRoutes(app, options);
    addFolderRoutes(app, options);
  };
}

function addListRoutes(app: HttpApp, { shelves, bulk, localeOf }: LibraryAreaOptions): void {
  const pick = async (actor: Actor, asked: Locale | undefined) => asked ?? (await localeOf(actor));
  app.route({
    method: 'GET',
    url: '/api/library',
    schema: {
      summary: 'Characters, filtered and sorted, page by page',
      tags,
      querystring: libraryQuerySchema,
      response: { 200: libraryPageSchema },
    },
    config,
    handler: async ({ actor, query }) => shelves.page({ actor, locale: await pick(actor, query.locale) }, query),
  });
  app.route({
    method: 'GET',
    url: '/api/library/overview',
    schema: {
      summary: 'Folders, tags, counts and the characters used last',
      tags,
      querystring: z.object({ locale: localeSchema.optional() }),
      response: { 200: libraryOverviewSchema },
    },
    config,
    handler: async ({ actor, query: { locale } }) => shelves.overview({ actor, locale: await pick(actor, locale) }),
  });
  app.route({
    method: 'GET',
    url: '/api/library/selection',
    schema: {
      summary: 'The ids of all characters a filter names',
      tags,
      querystring: libraryFilterSchema,
      response: { 200: librarySelectionSchema },
    },
    config,
    handler: async ({ actor, query }) => ({ ids: await shelves.selection(actor, query) }),
  });
  app.route({
    method: 'POST',
    url: '/api/library/bulk',
    bodyLimit: BULK_BODY_LIMIT,
    schema: {
      summary: 'Changes many characters at once and says what undoes it',
      tags,
      body: bulkSchema,
      response: { 200: bulkResultSchema },
    },
    config,
    handler: ({ actor, body }) => bulk.run(actor, body.operations),
  });
}

function addMarkRoutes(app: HttpApp, { shelves }: LibraryAreaOptions): void {
  app.route({
    method: 'GET',
    url: '/api/library/characters/:id',
    schema: {
      summary: 'What stands beside a character: marks, statistics, versions, its book',
      tags,
      params: byId,
      response: { 200: characterDetailsSchema },
    },
    config,
    handler: ({ actor, params }) => shelves.details(actor, params.id),
  });
  app.route({
    method: 'GET',
    url: '/api/library/characters/:id/mark',
    schema: { summary: 'What one made of a character', tags, params: byId, response: { 200: characterMarkSchema } },
    config,
    handler: ({ actor, params }) => shelves.mark(actor, params.id),
  });
  app.route({
    method: 'PATCH',
    url: '/api/library/characters/:id/mark',
    schema: {
      summary: 'Favourite, folder and own tags of a character',
      tags,
      params: byId,
      body: updateMarkSchema,
      response: { 200: characterMarkSchema },
    },
    config,
    handler: ({ actor, params, body }) => shelves.setMark(actor, params.id, body),
  });
}

function addFolderRoutes(app: HttpApp, { folders }: LibraryAreaOptions): void {
  const ok = { ok: true as const };
  app.route({
    method: 'GET',
    url: '/api/library/folders',
    schema: { summary: 'One’s folders', tags, response: { 200: foldersSchema } },
    config,
    handler: async ({ actor }) => ({ folders: await folders.list(actor) }),
  });
  app.route({
    method: 'POST',
    url: '/api/library/folders',
    bodyLimit: BULK_BODY_LIMIT,
    schema: { summary: 'Makes a folder', tags, body: createFolderSchema, response: { 200: characterFolderSchema } },
    config,
    handler: ({ actor, body }) => folders.create(actor, body),
  });
  app.route({
    method: 'PUT',
    url: '/api/library/folders/order',
    schema: { summary: 'Puts folders in order', tags, body: orderFoldersSchema, response: { 200: okSchema } },
    config,
    handler: async ({ actor, body }) => {
      await folders.order(actor, body.ids);
      return ok;
    },
  });
  app.route({
    method: 'PATCH',
    url: '/api/library/folders/:id',
    schema: { summary: 'Renames a folder', tags, params: byId, body: saveFolderSchema, response: { 200: okSchema } },
    config,
    handler: async ({ actor, params, body }) => {
      await folders.rename(actor, params.id, body.name);
      return ok;
    },
  });
  app.route({
    method: 'DELETE',
    url: '/api/library/folders/:id',
    schema: {
      summary: 'Removes a folder; its characters stay',
      tags,
      params: byId,
      response: { 200: deletedFolderSchema },
    },
    config,
    handler: async ({ actor, params }) => ({ undo: await folders.delete(actor, params.id) }),
  });
}
