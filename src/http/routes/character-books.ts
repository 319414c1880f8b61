import { z } from 'zod';
import {
  characterBookSchema,
  moveCharacterBookSchema,
  putIntoCardSchema,
  saveCharacterBookSchema,
} from '../../../contract/books.ts';
import { idSchema, localeSchema, type Locale } from '../../../contract/common.ts';
import { lorebookSummarySchema } from '../../../contract/lore.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { CharacterBooks } from '../../features/books/character-books.ts';
import type { Area } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const query = z.object({ locale: localeSchema.optional() });
const tags = ['books'];
const config = { access: 'user', scope: 'chat' } as const;
/** A book of 24 MiB and what is around it. */
const BOOK_BODY_LIMIT = 25 * 1024 * 1024;

export interface CharacterBooksAreaOptions {
  characterBooks: CharacterBooks;
  localeOf: (actor: Actor) => Promise<Locale>;
}

/** The book inside a card, and the ways between it and books of their own. */
export function characterBooksArea({ characterBooks, localeOf }: CharacterBooksAreaOptions): Area {
  const localeFor = async (actor: Actor, asked: Locale | undefined) => asked ?? (await localeOf(actor));
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/characters/:id/book',
      schema: {
        summary: 'The book inside its card',
        tags,
        params: byId,
        querystring: query,
        response: { 200: characterBookSchema },
      },
      config,
      handler: async ({ actor, params, query: { locale } }) =>
        characterBooks.read(actor, params.id, await localeFor(actor, locale)),
    });
    app.route({
      method: 'PUT',
      url: '/api/characters/:id/book',
      bodyLimit: BOOK_BODY_LIMIT,
      schema: {
        summary: 'Saves a new version whose card carries this book, or none',
        tags,
        params: byId,
        querystring: query,
        body: saveCharacterBookSchema,
        response: { 200: characterBookSchema },
      },
      config,
      handler: async ({ actor, params, body, query: { locale } }) =>
        characterBooks.save(actor, params.id, { ...body, locale: await localeFor(actor, locale) }),
    });
    app.route({
      method: 'POST',
      url: '/api/characters/:id/book/move',
      schema: {
        summary: 'Makes a book of its own of it',
        tags,
        params: byId,
        querystring: query,
        body: moveCharacterBookSchema,
        response: { 200: lorebookSummarySchema },
      },
      config,
      handler: async ({ actor, params, body, query: { locale } }) =>
        characterBooks.moveOut(actor, params.id, { ...body, locale: await localeFor(actor, locale) }),
    });
    app.route({
      method: 'POST',
      url: '/api/lorebooks/:id/card',
      schema: {
        summary: 'Puts a copy of a book into a card',
        tags,
        params: byId,
        querystring: query,
        body: putIntoCardSchema,
        response: { 200: characterBookSchema },
      },
      config,
      handler: async ({ actor, params, body, query: { locale } }) =>
        characterBooks.putIn(actor, params.id, { ...body, locale: await localeFor(actor, locale) }),
    });
  };
}
