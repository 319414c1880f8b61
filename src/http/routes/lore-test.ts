import { z } from 'zod';
import { countLoreTokensSchema, loreTokenCountSchema } from '../../../contract/books.ts';
import { localeSchema, type Locale } from '../../../contract/common.ts';
import { testedLoreSchema, testLoreSchema } from '../../../contract/lore.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { LoreTester } from '../../features/books/lore-tester.ts';
import type { Area } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';

const tags = ['books'];
const config = { access: 'user', scope: 'chat' } as const;
/** A book of 24 MiB and the messages it is tried on. */
const TEST_BODY_LIMIT = 32 * 1024 * 1024;

export interface LoreTestAreaOptions {
  tester: LoreTester;
  localeOf: (actor: Actor) => Promise<Locale>;
}

/** Trying a book on messages. */
export function loreTestArea({ tester, localeOf }: LoreTestAreaOptions): Area {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/api/lorebooks/test',
      bodyLimit: TEST_BODY_LIMIT,
      schema: {
        summary: 'Which entries these messages call, why, in which order, and what the budget cut',
        tags,
        querystring: z.object({ locale: localeSchema.optional() }),
        body: testLoreSchema,
        response: { 200: testedLoreSchema },
      },
      config,
      handler: async ({ actor, body, query: { locale } }, reply) =>
        tester.test(actor, body, { locale: locale ?? (await localeOf(actor)), signal: readerSignal(reply) }),
    });
    app.route({
      method: 'POST',
      url: '/api/lorebooks/tokens',
      bodyLimit: TEST_BODY_LIMIT,
      schema: {
        summary: 'How many tokens texts are to the house’s model',
        tags,
        body: countLoreTokensSchema,
        response: { 200: loreTokenCountSchema },
      },
      config,
      handler: async ({ body }, reply) => tester.countTokens(body.texts, readerSignal(reply)),
    });
  };
}
