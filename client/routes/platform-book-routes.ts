import { meteredCallSchema } from '../../contract/metering.ts';
import {
  bookAccountListSchema,
  bookAccountSchema,
  callLogSchema,
  changeBookAccountSchema,
  creditSchema,
  entryPageSchema,
  priceHistorySchema,
  priceListSchema,
  setPricesSchema,
  usageReportSchema,
} from '../../contract/platform-books.ts';
import type { ApiRoute } from '../api-route.ts';

/** What was used, what it costs, and what is on the accounts. */
export const PLATFORM_BOOK_ROUTES = {
  usageReport: { method: 'GET', path: '/api/platform/usage', response: usageReportSchema },
  meteredCalls: { method: 'GET', path: '/api/platform/calls', response: callLogSchema },
  meteredCall: { method: 'GET', path: '/api/platform/calls/:id', response: meteredCallSchema },
  prices: { method: 'GET', path: '/api/platform/prices', response: priceListSchema },
  setPrices: { method: 'PUT', path: '/api/platform/prices', body: setPricesSchema, response: priceListSchema },
  priceHistory: { method: 'GET', path: '/api/platform/prices/history', response: priceHistorySchema },
  bookAccounts: { method: 'GET', path: '/api/platform/accounts', response: bookAccountListSchema },
  changeBookAccount: {
    method: 'PATCH',
    path: '/api/platform/accounts/:id',
    body: changeBookAccountSchema,
    response: bookAccountSchema,
  },
  bookEntries: { method: 'GET', path: '/api/platform/accounts/:id/entries', response: entryPageSchema },
  giveCredit: {
    method: 'POST',
    path: '/api/platform/accounts/:id/credits',
    body: creditSchema,
    response: bookAccountSchema,
  },
} as const satisfies Record<string, ApiRoute>;
