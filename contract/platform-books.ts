import { z } from 'zod';
import { idSchema, textSchema, timeSchema } from './common.ts';
import {
  meteredCallSchema,
  meteredDoorSchema,
  meteredKindSchema,
  meteredPurposeSchema,
  meteredStateSchema,
  pricesSchema,
  usageSchema,
} from './metering.ts';

/** Money in nano-units of the house's currency; 1 unit = 1,000,000,000. */
const moneySchema = z.int();
const amountSchema = z.int().nonnegative();
const cursorSchema = z.string().max(200);
/** `user:ID`, `team:ID` or `house:NAME`. */
export const accountIdSchema = idSchema;

/** What narrows usage and the log of calls. Without `from` the last thirty days; members see their own, and with `teamId` what everybody uses for a team of theirs. */
const callFilters = {
  from: z.coerce.number().pipe(timeSchema).optional(),
  to: z.coerce.number().pipe(timeSchema).optional(),
  userId: idSchema.optional(),
  keyId: idSchema.optional(),
  teamId: idSchema.optional(),
  characterId: idSchema.optional(),
  /** The name that was asked for. */
  model: z.string().max(300).optional(),
  door: meteredDoorSchema.optional(),
  purpose: meteredPurposeSchema.optional(),
  kind: meteredKindSchema.optional(),
};

export const usageDimensionSchema = z.enum([
  'key',
  'model',
  'ref',
  'character',
  'user',
  'team',
  'door',
  'purpose',
  'kind',
]);
export type UsageDimension = z.infer<typeof usageDimensionSchema>;

export const usageQuerySchema = z.object({
  ...callFilters,
  /** What rows stand for; absent = everything together. */
  by: usageDimensionSchema.optional(),
  /** Rows for each span of the house's time zone; absent = the whole time at once. */
  per: z.enum(['hour', 'day', 'month']).optional(),
});
export type UsageQuery = z.infer<typeof usageQuerySchema>;

const usageSumsSchema = z.object({
  /** Calls that have ended. */
  calls: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  /** Counts of what was billed. */
  usage: usageSchema,
  cost: amountSchema,
});
export const usageRowSchema = usageSumsSchema.extend({
  /** Where the span begins; null without `per`. */
  at: timeSchema.nullable(),
  /** Of the dimension: an id, a name, or null where there is none. */
  key: z.string().nullable(),
  /** How people call it: the name of a key, person, team or character; else as `key`. */
  label: z.string().nullable(),
});
export const usageReportSchema = z
  .object({
    from: timeSchema,
    to: timeSchema,
    timeZone: z.string(),
    currency: z.string(),
    rows: z.array(usageRowSchema),
    total: usageSumsSchema,
  })
  .meta({ id: 'UsageReport' });
export type UsageReport = z.infer<typeof usageReportSchema>;

export const callLogQuerySchema = z.object({
  ...callFilters,
  state: meteredStateSchema.optional(),
  /** `failed` shows calls that failed, `done` those that did not. */
  outcome: z.enum(['done', 'stopped', 'failed']).optional(),
  cursor: cursorSchema.optional(),
  limit: z.coerce.number().pipe(z.int().min(1).max(200)).optional(),
});
export type CallLogQuery = z.infer<typeof callLogQuerySchema>;
/** Newest first. */
export const callLogSchema = z
  .object({ calls: z.array(meteredCallSchema), next: z.string().nullable(), currency: z.string() })
  .meta({ id: 'CallLog' });
export type CallLog = z.infer<typeof callLogSchema>;

export const priceVersionSchema = z
  .object({
    id: idSchema,
    /** What answers, as `meteredCall.ref` says it; `*` = everything that has no prices of its own. */
    ref: z.string(),
    prices: pricesSchema,
    actorId: idSchema.nullable(),
    createdAt: timeSchema,
  })
  .meta({ id: 'PriceVersion' });
export type PriceVersion = z.infer<typeof priceVersionSchema>;
/** In force now, one of each ref. */
export const priceListSchema = z.object({ currency: z.string(), prices: z.array(priceVersionSchema) });
export type PriceList = z.infer<typeof priceListSchema>;
export const priceHistoryQuerySchema = z.object({ ref: z.string().max(300) });
/** Newest first. */
export const priceHistorySchema = z.object({ versions: z.array(priceVersionSchema) });
export const setPricesSchema = z.object({ ref: z.string().min(1).max(300), prices: pricesSchema });
export type SetPrices = z.infer<typeof setPricesSchema>;

export const bookAccountSchema = z
  .object({
    id: accountIdSchema,
    /** Of the person or team. */
    label: z.string().nullable(),
    balance: moneySchema,
    held: amountSchema,
    /** How far below zero it may go; null = without limit. */
    creditLimit: amountSchema.nullable(),
    /** True where the limit is this account's own, not the house's usual one. */
    ownLimit: z.boolean(),
    /** What may still be spent; null = without limit. */
    available: moneySchema.nullable(),
    planId: idSchema.nullable(),
  })
  .meta({ id: 'BookAccount' });
export type BookAccount = z.infer<typeof bookAccountSchema>;
/** The owner sees all, members their own. */
export const bookAccountListSchema = z.object({ currency: z.string(), accounts: z.array(bookAccountSchema) });
export type BookAccountList = z.infer<typeof bookAccountListSchema>;
/** Absent `creditLimit` = the house's usual one again. */
export const changeBookAccountSchema = z.object({ creditLimit: amountSchema.nullable().optional() });
export type ChangeBookAccount = z.infer<typeof changeBookAccountSchema>;

/** Positive = given; a negative one takes back what was not spent. */
export const creditSchema = z.object({
  amount: z
    .int()
    .refine((amount) => amount !== 0, { message: 'Give an amount other than zero.' })
    .refine((amount) => Math.abs(amount) <= 1_000_000_000_000_000, {
      message: 'That is more than an account can hold.',
    }),
  note: textSchema(500),
});
export type Credit = z.infer<typeof creditSchema>;

export const bookEntrySchema = z
  .object({
    id: idSchema,
    /** `settle`: a call was billed. `credit`: given. `correction`: taken back. `grant` and `lapse`: of a plan. */
    kind: z.enum(['settle', 'credit', 'correction', 'grant', 'lapse']),
    amount: moneySchema,
    callId: idSchema.nullable(),
    actorId: idSchema.nullable(),
    note: z.string(),
    createdAt: timeSchema,
  })
  .meta({ id: 'BookEntry' });
export type BookEntry = z.infer<typeof bookEntrySchema>;
export const entryQuerySchema = z.object({
  cursor: cursorSchema.optional(),
  limit: z.coerce.number().pipe(z.int().min(1).max(200)).optional(),
});
export type EntryQuery = z.infer<typeof entryQuerySchema>;
/** Newest first. */
export const entryPageSchema = z.object({ entries: z.array(bookEntrySchema), next: z.string().nullable() });
export type EntryPage = z.infer<typeof entryPageSchema>;

export const booksSettingsSchema = z
  .object({
    /** ISO 4217. */
    currency: z.string().regex(/^[A-Z]{3}$/, { message: 'Use three capital letters, such as EUR.' }),
    /** IANA name; days and months of budgets, plans and invoices begin there. */
    timeZone: z.string().min(1).max(100),
    /** How far below zero accounts of members and teams may go unless they have a limit of their own; null = without limit. */
    memberCreditLimit: amountSchema.nullable(),
  })
  .meta({ id: 'BooksSettings' });
export type BooksSettings = z.infer<typeof booksSettingsSchema>;

export const budgetScopeSchema = z.enum(['all', 'user', 'team', 'key', 'model']);
export type BudgetScope = z.infer<typeof budgetScopeSchema>;
export const budgetPeriodSchema = z.enum(['day', 'month', 'total']);

const budgetFields = {
  scope: budgetScopeSchema,
  /** The id of the person, team or key, or the model's name; null for `all`. */
  subject: z.string().min(1).max(300).nullable(),
  period: budgetPeriodSchema,
  /** Told of when it is reached: event `budget-soft`. */
  softLimit: amountSchema.nullable(),
  /** Never passed: what would is refused with `insufficient_quota`, event `budget-hard`. */
  hardLimit: amountSchema.nullable(),
};
export const saveBudgetSchema = z
  .object(budgetFields)
  .refine(({ scope, subject }) => (scope === 'all') === (subject === null), {
    message: 'Say whose budget it is; a budget of everything is nobody’s.',
    path: ['subject'],
  })
  .refine(({ softLimit, hardLimit }) => softLimit !== null || hardLimit !== null, {
    message: 'Give a limit.',
    path: ['hardLimit'],
  });
export type SaveBudget = z.infer<typeof saveBudgetSchema>;
export const budgetLimitsSchema = z.object({ softLimit: budgetFields.softLimit, hardLimit: budgetFields.hardLimit });
export const budgetSchema = z
  .object({
    ...budgetFields,
    id: idSchema,
    /** How people call the subject. */
    label: z.string().nullable(),
    /** The span that is now: `2026-11-26`, `2026-11` or `total`. */
    span: z.string(),
    spent: amountSchema,
    held: amountSchema,
    /** When the limits of this span were reached. */
    softAt: timeSchema.nullable(),
    hardAt: timeSchema.nullable(),
    /** When the span ends; null for `total`. */
    endsAt: timeSchema.nullable(),
    createdAt: timeSchema,
  })
  .meta({ id: 'Budget' });
export type Budget = z.infer<typeof budgetSchema>;
/** The owner sees all, members those about themselves and their keys. */
export const budgetListSchema = z.object({ currency: z.string(), budgets: z.array(budgetSchema) });
export type BudgetList = z.infer<typeof budgetListSchema>;

export const savePlanSchema = z.object({
  name: textSchema(100),
  /** Granted at the beginning of every month. */
  allowance: amountSchema,
  /** True = what is not spent stays; false = it lapses when the next month is granted. */
  rollover: z.boolean(),
});
export type SavePlan = z.infer<typeof savePlanSchema>;
export const planSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    allowance: amountSchema,
    rollover: z.boolean(),
    members: z.array(idSchema),
  })
  .meta({ id: 'Plan' });
export type Plan = z.infer<typeof planSchema>;
export const planListSchema = z.object({ currency: z.string(), plans: z.array(planSchema) });
export type PlanList = z.infer<typeof planListSchema>;
/** Null = no plan. */
export const choosePlanSchema = z.object({ planId: idSchema.nullable() });

export const invoiceQuerySchema = z.object({
  accountId: accountIdSchema,
  /** In the house's time zone. */
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, { message: 'Use a month such as 2026-11.' }),
});
export type InvoiceQuery = z.infer<typeof invoiceQuerySchema>;
export const invoiceRowSchema = z.object({
  model: z.string(),
  ref: z.string().nullable(),
  calls: z.int().nonnegative(),
  usage: usageSchema,
  cost: amountSchema,
});
export const invoiceSchema = z
  .object({
    accountId: accountIdSchema,
    label: z.string().nullable(),
    month: z.string(),
    timeZone: z.string(),
    from: timeSchema,
    to: timeSchema,
    currency: z.string(),
    rows: z.array(invoiceRowSchema),
    /** Σ of the rows, and what the ledger billed in this month: the same to the nano-unit. */
    total: amountSchema,
    /** What came to the account besides: credits, grants, corrections, lapses. */
    credits: moneySchema,
    opening: moneySchema,
    closing: moneySchema,
  })
  .meta({ id: 'Invoice' });
export type Invoice = z.infer<typeof invoiceSchema>;

/** Something that does not agree in the books. Money in nano-units. */
export const bookDifferenceSchema = z.object({
  check: z.enum([
    'entry-balance',
    'account-balance',
    'account-held',
    'budget-held',
    'bill',
    'over-hold',
    'trial-balance',
  ]),
  /** The entry, account, span of a budget or call. */
  id: z.string(),
  expected: z.int(),
  found: z.int(),
});
export type BookDifference = z.infer<typeof bookDifferenceSchema>;
export const reconciliationSchema = z
  .object({
    accounts: z.int().nonnegative(),
    entries: z.int().nonnegative(),
    calls: z.int().nonnegative(),
    differences: z.array(bookDifferenceSchema),
  })
  .meta({ id: 'Reconciliation' });
export type Reconciliation = z.infer<typeof reconciliationSchema>;
