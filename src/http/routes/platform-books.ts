import { z } from 'zod';
import { meteredCallSchema } from '../../../contract/metering.ts';
import {
  accountIdSchema,
  bookAccountListSchema,
  bookAccountSchema,
  callLogQuerySchema,
  callLogSchema,
  changeBookAccountSchema,
  creditSchema,
  entryPageSchema,
  entryQuerySchema,
  priceHistoryQuerySchema,
  priceHistorySchema,
  priceListSchema,
  setPricesSchema,
  usageQuerySchema,
  usageReportSchema,
} from '../../../contract/platform-books.ts';
import { idSchema } from '../../../contract/common.ts';
import type { CallLogs } from '../../features/platform/books/call-logs.ts';
import type { Credits } from '../../features/platform/books/credits.ts';
import type { PriceLists } from '../../features/platform/books/price-lists.ts';
import type { UsageReports } from '../../features/platform/books/usage-reports.ts';
import type { Area, HttpApp } from '../http-app.ts';

const tags = ['platform'];
const config = { access: 'user' } as const;
const owner = { access: 'owner' } as const;
const byAccount = z.object({ id: accountIdSchema });

interface Books {
  usageReports: UsageReports;
  callLogs: CallLogs;
  priceLists: PriceLists;
  credits: Credits;
}

/** What was used, what it costs, and what is on the accounts. */
export function platformBooksArea(books: Books): Area {
  return (app) => {
    readingRoutes(app, books);
    priceRoutes(app, books.priceLists);
    accountRoutes(app, books.credits);
  };
}

function readingRoutes(app: HttpApp, { usageReports, callLogs }: Books): void {
  app.route({
    method: 'GET',
    url: '/api/platform/usage',
    schema: {
      summary: 'What was used and what it cost, added up',
      tags,
      querystring: usageQuerySchema,
      response: { 200: usageReportSchema },
    },
    config,
    handler: ({ actor, query }) => usageReports.report(actor, query),
  });
  app.route({
    method: 'GET',
    url: '/api/platform/calls',
    schema: {
      summary: 'Calls to models one by one, newest first',
      tags,
      querystring: callLogQuerySchema,
      response: { 200: callLogSchema },
    },
    config,
    handler: ({ actor, query }) => callLogs.list(actor, query),
  });
  app.route({
    method: 'GET',
    url: '/api/platform/calls/:id',
    schema: { summary: 'One call', tags, params: z.object({ id: idSchema }), response: { 200: meteredCallSchema } },
    config,
    handler: ({ actor, params }) => callLogs.read(actor, params.id),
  });
}

function priceRoutes(app: HttpApp, prices: PriceLists): void {
  app.route({
    method: 'GET',
    url: '/api/platform/prices',
    schema: { summary: 'What models cost now', tags, response: { 200: priceListSchema } },
    config,
    handler: () => prices.list(),
  });
  app.route({
    method: 'PUT',
    url: '/api/platform/prices',
    schema: {
      summary: 'Says what a model costs from now on',
      tags,
      body: setPricesSchema,
      response: { 200: priceListSchema },
    },
    config: owner,
    handler: ({ actor, body }) => prices.set(actor, body),
  });
  app.route({
    method: 'GET',
    url: '/api/platform/prices/history',
    schema: {
      summary: 'What a model cost, newest first',
      tags,
      querystring: priceHistoryQuerySchema,
      response: { 200: priceHistorySchema },
    },
    config,
    handler: async ({ query }) => ({ versions: await prices.history(query.ref) }),
  });
}

function accountRoutes(app: HttpApp, credits: Credits): void {
  app.route({
    method: 'GET',
    url: '/api/platform/accounts',
    schema: { summary: 'Accounts that one may see', tags, response: { 200: bookAccountListSchema } },
    config,
    handler: ({ actor }) => credits.list(actor),
  });
  app.route({
    method: 'PATCH',
    url: '/api/platform/accounts/:id',
    schema: {
      summary: 'Says how far below zero an account may go',
      tags,
      params: byAccount,
      body: changeBookAccountSchema,
      response: { 200: bookAccountSchema },
    },
    config: owner,
    handler: ({ actor, params, body }) => credits.change(actor, params.id, body),
  });
  app.route({
    method: 'GET',
    url: '/api/platform/accounts/:id/entries',
    schema: {
      summary: 'What happened to an account, newest first',
      tags,
      params: byAccount,
      querystring: entryQuerySchema,
      response: { 200: entryPageSchema },
    },
    config,
    handler: ({ actor, params, query }) => credits.entries(actor, params.id, query),
  });
  app.route({
    method: 'POST',
    url: '/api/platform/accounts/:id/credits',
    schema: {
      summary: 'Gives credit, or takes back what was not spent',
      tags,
      params: byAccount,
      body: creditSchema,
      response: { 200: bookAccountSchema },
    },
    config: owner,
    handler: ({ actor, params, body }) => credits.credit(actor, params.id, body),
  });
}
