import { Allowances } from './allowances.ts';
import { Bookkeeping } from './bookkeeping.ts';
import type { BooksContext } from './books-context.ts';
import { CallLogs } from './call-logs.ts';
import { Credits } from './credits.ts';
import { Invoices } from './invoices.ts';
import { PersonalBooks } from './personal-books.ts';
import { PriceLists } from './price-lists.ts';
import { Reconciliations } from './reconciliations.ts';
import { SpendingLimits } from './spending-limits.ts';
import { UsageReports } from './usage-reports.ts';

/** The books as people read and keep them. */
export function openBooks({ storage, clock, ledger, teams }: BooksContext) {
  const context = { storage, clock, ledger, teams };
  return {
    usageReports: new UsageReports(context),
    callLogs: new CallLogs(context),
    priceLists: new PriceLists(context),
    credits: new Credits(context),
    spendingLimits: new SpendingLimits(context),
    allowances: new Allowances(context),
    invoices: new Invoices(context),
    bookkeeping: new Bookkeeping(context),
    personalBooks: new PersonalBooks(context),
    reconciliations: new Reconciliations(context),
  };
}
