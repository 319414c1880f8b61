import { CallLogs } from './call-logs.ts';
import type { BooksContext } from './books-context.ts';
import { Credits } from './credits.ts';
import { PriceLists } from './price-lists.ts';
import { UsageReports } from './usage-reports.ts';

/** The books as people read and keep them. */
export function openBooks({ storage, clock, ledger }: BooksContext) {
  const context = { storage, clock, ledger };
  return {
    usageReports: new UsageReports(context),
    callLogs: new CallLogs(context),
    priceLists: new PriceLists(context),
    credits: new Credits(context),
  };
}
