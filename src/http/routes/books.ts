import { z } from 'zod';
import {
  changeLorebookSchema,
  importedLorebookSchema,
  lorebookFormatSchema,
  lorebookListSchema,
  renameLorebookSchema,
  savedLoreEntrySchema,
  saveLoreEntrySchema,
} from '../../../contract/books.ts';
import { idSchema, localeSchema, okSchema, type Locale } from '../../../contract/common.ts';
import {
  importLorebookSchema,
  linkLorebookSchema,
  lorebookSchema,
  lorebookSummarySchema,
  loreTargetSchema,
  saveLorebookSchema,
} from '../../../contract/lore.ts';
import type { Actor } from '../../accounts/actor.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { Books } from '../../features/books/books.ts';
import type { Area, HttpApp } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const query = z.object({ locale: localeSchema.optional() });
const tags = ['books'];
const config = { access: 'user', scope: 'chat' } as const;
/** A book of 24 MiB and what is around it. */
const BOOK_BODY_LIMIT = 25 * 1024 * 1024;
/** The same as base64. */
const IMPORT_BODY_LIMIT = 34 * 1024 * 1024;

export interface BooksAreaOptions {
  books: Books;
  localeOf: (actor: Actor) => Promise<Locale>;
}

/** Lorebooks: the list, one book, its entries and what it hangs on. */
export function booksArea({ books, localeOf }: BooksAreaOptions): Area {
  const localeFor = async (actor: Actor, asked: Locale | undefined) => asked ?? (await localeOf(actor));
  return (app) => {
    listRoutes(app, { books, localeFor });
    fileRoutes(app, { books, localeFor });
    bookRoutes(app, { books, localeFor });
    editRoutes(app, { books, localeFor });
    linkRoutes(app, { books, localeFor });
  };
}

interface RouteTools {
  books: Books;
  localeFor: (actor: Actor, asked: Locale | undefined) => Promise<Locale>;
}

function listRoutes(app: HttpApp, { books, localeFor }: RouteTools): void {
  app.route({
    method: 'GET',
    url: '/api/lorebooks',
    schema: {
      summary: 'One’s own books, without their entries',
      tags,
      querystring: query,
      response: { 200: lorebookListSchema },
    },
    config,
    handler: async ({ actor, query: { locale } }) => ({
      books: await books.list(actor, await localeFor(actor, locale)),
    }),
  });
  app.route({
    method: 'POST',
    url: '/api/lorebooks',
    bodyLimit: BOOK_BODY_LIMIT,
    schema: {
      summary: 'Creates a book',
      tags,
      querystring: query,
      body: saveLorebookSchema,
      response: { 200: lorebookSummarySchema },
    },
    config,
    handler: async ({ actor, body, query: { locale } }) =>
      books.create(actor, body.body, await localeFor(actor, locale)),
  });
}

function fileRoutes(app: HttpApp, { books, localeFor }: RouteTools): void {
  app.route({
    method: 'POST',
    url: '/api/lorebooks/import',
    bodyLimit: IMPORT_BODY_LIMIT,
    schema: {
      summary: 'Reads a lorebook of SillyTavern, V3, Agnai, RisuAI or NovelAI, or the one inside a card',
      tags,
      querystring: query,
      body: importLorebookSchema,
      response: { 200: importedLorebookSchema },
    },
    config,
    handler: async ({ actor, body, query: { locale } }) =>
      books.import(actor, {
        fileName: body.fileName,
        bytes: Buffer.from(body.data, 'base64'),
        mode: body.mode,
        locale: await localeFor(actor, locale),
      }),
  });
  app.route({
    method: 'GET',
    url: '/api/lorebooks/:id/export',
    schema: {
      summary: 'The book as a file',
      tags,
      params: byId,
      querystring: z.object({ format: lorebookFormatSchema.default('st') }),
    },
    config,
    handler: async ({ actor, params, query: { format } }, reply) => {
      const { name, file } = await books.export(actor, params.id, format);
      return reply
        .type('application/json; charset=utf-8')
        .header('content-disposition', attachment(`${name.trim() || 'lorebook'}.json`))
        .send(`${JSON.stringify(file, null, 2)}\n`);
    },
  });
}

/** RFC 6266: a plain name for old readers, the whole one as UTF-8. */
function attachment(fileName: string): string {
  const short = fileName
    .toWellFormed()
    .replace(/[\p{Cc}\\/:*?"<>|]/gu, '_')
    .slice(-120);
  const plain = short.replace(/[^\x20-\x7e]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(short).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}

function bookRoutes(app: HttpApp, { books, localeFor }: RouteTools): void {
  app.route({
    method: 'GET',
    url: '/api/lorebooks/:id',
    schema: {
      summary: 'A book with its entries',
      tags,
      params: byId,
      querystring: query,
      response: { 200: lorebookSchema },
    },
    config,
    handler: async ({ actor, params, query: { locale } }) =>
      books.read(actor, params.id, await localeFor(actor, locale)),
  });
  app.route({
    method: 'DELETE',
    url: '/api/lorebooks/:id',
    schema: { summary: 'Deletes it', tags, params: byId, response: { 200: okSchema } },
    config,
    handler: async ({ actor, params }) => {
      await books.delete(actor, params.id);
      return { ok: true as const };
    },
  });
  app.route({
    method: 'POST',
    url: '/api/lorebooks/:id/restore',
    schema: {
      summary: 'Undoes its deletion',
      tags,
      params: byId,
      querystring: query,
      response: { 200: lorebookSummarySchema },
    },
    config,
    handler: async ({ actor, params, query: { locale } }) =>
      books.restore(actor, params.id, await localeFor(actor, locale)),
  });
  app.route({
    method: 'POST',
    url: '/api/lorebooks/:id/duplicate',
    schema: {
      summary: 'Makes a copy that hangs on nothing',
      tags,
      params: byId,
      querystring: query,
      body: renameLorebookSchema,
      response: { 200: lorebookSummarySchema },
    },
    config,
    handler: async ({ actor, params, body, query: { locale } }) =>
      books.duplicate(actor, params.id, { name: body.name, locale: await localeFor(actor, locale) }),
  });
}

function editRoutes(app: HttpApp, { books, localeFor }: RouteTools): void {
  app.route({
    method: 'PUT',
    url: '/api/lorebooks/:id',
    bodyLimit: BOOK_BODY_LIMIT,
    schema: {
      summary: 'Saves the whole book',
      tags,
      params: byId,
      querystring: query,
      body: saveLorebookSchema,
      response: { 200: lorebookSummarySchema },
    },
    config,
    handler: async ({ actor, params, body: { body, expectedRevision }, query: { locale } }) => {
      if (expectedRevision === undefined) {
        throw new InvalidInputError('Say which revision of the book was edited.', { field: 'expectedRevision' });
      }
      return books.save(actor, params.id, { body, expectedRevision, locale: await localeFor(actor, locale) });
    },
  });
  app.route({
    method: 'POST',
    url: '/api/lorebooks/:id/changes',
    bodyLimit: BOOK_BODY_LIMIT,
    schema: {
      summary: 'Changes a book step by step: all of the steps or none',
      tags,
      params: byId,
      querystring: query,
      body: changeLorebookSchema,
      response: { 200: lorebookSummarySchema },
    },
    config,
    handler: async ({ actor, params, body, query: { locale } }) =>
      books.change(actor, params.id, { ...body, locale: await localeFor(actor, locale) }),
  });
  app.route({
    method: 'PATCH',
    url: '/api/lorebooks/:id/entries/:uid',
    bodyLimit: BOOK_BODY_LIMIT,
    schema: {
      summary: 'Changes fields of one entry',
      tags,
      params: byId.extend({ uid: z.string().min(1).max(200) }),
      querystring: query,
      body: saveLoreEntrySchema,
      response: { 200: savedLoreEntrySchema },
    },
    config,
    handler: async ({ actor, params, body, query: { locale } }) =>
      books.saveEntry(actor, params.id, { uid: params.uid, ...body, locale: await localeFor(actor, locale) }),
  });
}

function linkRoutes(app: HttpApp, { books, localeFor }: RouteTools): void {
  app.route({
    method: 'POST',
    url: '/api/lorebooks/:id/links',
    schema: {
      summary: 'Attaches it to everything, a character, a conversation or a persona',
      tags,
      params: byId,
      querystring: query,
      body: linkLorebookSchema,
      response: { 200: lorebookSummarySchema },
    },
    config,
    handler: async ({ actor, params, body, query: { locale } }) =>
      books.link(actor, params.id, { target: body.target, locale: await localeFor(actor, locale) }),
  });
  app.route({
    method: 'DELETE',
    url: '/api/lorebooks/:id/links/:kind/:targetId',
    schema: {
      summary: 'Takes it off again',
      tags,
      params: byId.extend({ kind: loreTargetSchema.shape.kind, targetId: idSchema }),
      querystring: query,
      response: { 200: lorebookSummarySchema },
    },
    config,
    handler: async ({ actor, params, query: { locale } }) =>
      books.unlink(actor, params.id, {
        target: { kind: params.kind, id: params.targetId },
        locale: await localeFor(actor, locale),
      }),
  });
}
