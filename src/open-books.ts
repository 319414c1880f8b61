import { CallLogs } from './features/platform/books/call-logs.ts';
import type { BooksContext } from './features/platform/books/books-context.ts';
import { Credits } from './features/platform/books/credits.ts';
import { PriceLists } from './features/platform/books/price-lists.ts';
import { UsageReports } from './features/platform/books/usage-reports.ts';

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
