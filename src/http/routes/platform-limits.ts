import { Readable } from 'node:stream';
import { z } from 'zod';
import { idSchema } from '../../../contract/common.ts';
import {
  booksSettingsSchema,
  budgetLimitsSchema,
  budgetListSchema,
  choosePlanSchema,
  invoiceQuerySchema,
  invoiceSchema,
  planListSchema,
  reconciliationSchema,
  saveBudgetSchema,
  savePlanSchema,
} from '../../../contract/platform-books.ts';
import type { Allowances } from '../../features/platform/books/allowances.ts';
import type { Bookkeeping } from '../../features/platform/books/bookkeeping.ts';
import { invoiceCsv, type Invoices } from '../../features/platform/books/invoices.ts';
import type { Reconciliations } from '../../features/platform/books/reconciliations.ts';
import type { SpendingLimits } from '../../features/platform/books/spending-limits.ts';
import type { Area, HttpApp } from '../http-app.ts';

const tags = ['platform'];
const config = { access: 'user' } as const;
const owner = { access: 'owner' } as const;
const byId = z.object({ id: idSchema });

/** Budgets, plans, invoices, and how the books are kept. */
export function platformLimitsArea({
  spendingLimits,
  allowances,
  invoices,
  bookkeeping,
  reconciliations,
}: {
  spendingLimits: SpendingLimits;
  allowances: Allowances;
  invoices: Invoices;
  bookkeeping: Bookkeeping;
  reconciliations: Reconciliations;
}): Area {
  return (app) => {
    budgetRoutes(app, spendingLimits);
    planRoutes(app, allowances);
    invoiceRoutes(app, invoices);
    settingsRoutes(app, bookkeeping);
    ledgerRoutes(app, reconciliations);
  };
}

function budgetRoutes(app: HttpApp, limits: SpendingLimits): void {
  const response = { 200: budgetListSchema };
  app.route({
    method: 'GET',
    url: '/api/platform/budgets',
    schema: { summary: 'Budgets with what they have used now', tags, response },
    config,
    handler: ({ actor }) => limits.list(actor),
  });
  app.route({
    method: 'POST',
    url: '/api/platform/budgets',
    schema: { summary: 'Sets a budget', tags, body: saveBudgetSchema, response },
    config: owner,
    handler: ({ actor, body }) => limits.create(actor, body),
  });
  app.route({
    method: 'PATCH',
    url: '/api/platform/budgets/:id',
    schema: { summary: 'Changes the limits of a budget', tags, params: byId, body: budgetLimitsSchema, response },
    config: owner,
    handler: ({ actor, params, body }) => limits.change(actor, params.id, body),
  });
  app.route({
    method: 'DELETE',
    url: '/api/platform/budgets/:id',
    schema: { summary: 'Removes a budget', tags, params: byId, response },
    config: owner,
    handler: ({ actor, params }) => limits.remove(actor, params.id),
  });
}

function planRoutes(app: HttpApp, plans: Allowances): void {
  const response = { 200: planListSchema };
  app.route({
    method: 'GET',
    url: '/api/platform/plans',
    schema: { summary: 'Monthly allowances', tags, response },
    config,
    handler: ({ actor }) => plans.list(actor),
  });
  app.route({
    method: 'POST',
    url: '/api/platform/plans',
    schema: { summary: 'Makes a plan', tags, body: savePlanSchema, response },
    config: owner,
    handler: ({ actor, body }) => plans.create(actor, body),
  });
  app.route({
    method: 'PUT',
    url: '/api/platform/plans/:id',
    schema: { summary: 'Changes a plan from the next month on', tags, params: byId, body: savePlanSchema, response },
    config: owner,
    handler: ({ actor, params, body }) => plans.change(actor, params.id, body),
  });
  app.route({
    method: 'DELETE',
    url: '/api/platform/plans/:id',
    schema: { summary: 'Removes a plan; what was granted stays', tags, params: byId, response },
    config: owner,
    handler: ({ actor, params }) => plans.remove(actor, params.id),
  });
  app.route({
    method: 'PUT',
    url: '/api/platform/people/:id/plan',
    schema: { summary: 'Puts a person on a plan, or on none', tags, params: byId, body: choosePlanSchema, response },
    config: owner,
    handler: ({ actor, params, body }) => plans.choose(actor, params.id, body.planId),
  });
}

function invoiceRoutes(app: HttpApp, invoices: Invoices): void {
  app.route({
    method: 'GET',
    url: '/api/platform/invoices',
    schema: {
      summary: 'What an account was billed in a month, by model',
      tags,
      querystring: invoiceQuerySchema,
      response: { 200: invoiceSchema },
    },
    config,
    handler: ({ actor, query }) => invoices.read(actor, query),
  });
  app.route({
    method: 'GET',
    url: '/api/platform/invoices/csv',
    schema: { summary: 'The same as a table to take along', tags, querystring: invoiceQuerySchema },
    config,
    handler: async ({ actor, query }, reply) => {
      const invoice = await invoices.read(actor, query);
      const name = `${invoice.accountId.replace(':', '-')}-${invoice.month}.csv`;
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(invoiceCsv(invoice));
    },
  });
}

function settingsRoutes(app: HttpApp, bookkeeping: Bookkeeping): void {
  app.route({
    method: 'GET',
    url: '/api/platform/books',
    schema: { summary: 'How the books are kept', tags, response: { 200: booksSettingsSchema } },
    config,
    handler: () => bookkeeping.read(),
  });
  app.route({
    method: 'PUT',
    url: '/api/platform/books',
    schema: {
      summary: 'Says how the books are kept: currency, time zone, the usual limit of accounts',
      tags,
      body: booksSettingsSchema,
      response: { 200: booksSettingsSchema },
    },
    config: owner,
    handler: ({ actor, body }) => bookkeeping.change(actor, body),
  });
}

function ledgerRoutes(app: HttpApp, reconciliations: Reconciliations): void {
  app.route({
    method: 'GET',
    url: '/api/platform/reconciliation',
    schema: { summary: 'Compares the books with themselves', tags, response: { 200: reconciliationSchema } },
    config: owner,
    handler: ({ actor }) => reconciliations.compare(actor),
  });
  app.route({
    method: 'GET',
    url: '/api/platform/ledger',
    schema: { summary: 'Every line of the ledger as a table, oldest first', tags },
    config: owner,
    handler: ({ actor }, reply) =>
      reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="ledger.csv"')
        .send(Readable.from(reconciliations.export(actor))),
  });
}
