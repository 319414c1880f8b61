import type { Invoice, InvoiceQuery } from '../../../../contract/platform-books.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { InvalidInputError, NotFoundError } from '../../../base/errors.ts';
import { readAccount } from '../../../metering/account-store.ts';
import { accountOf } from '../../../metering/accounts-of-ledger.ts';
import { readBooksSettings } from '../../../metering/books-settings.ts';
import { NO_USAGE } from '../../../metering/cost.ts';
import { createHouseCalendar } from '../../../metering/house-calendar.ts';
import { sumBills, sumLines } from '../../../metering/invoice-store.ts';
import { namesOf } from '../../../metering/usage-store.ts';
import type { UsageUnit } from '../../../../contract/metering.ts';
import type { BooksContext } from './books-context.ts';
import { csvLine, decimalMoney } from './csv-line.ts';

const UNITS = Object.keys(NO_USAGE) as UsageUnit[];

/** What an account was billed in a month, by model. */
export class Invoices {
  readonly #context: Pick<BooksContext, 'storage'>;

  constructor(context: Pick<BooksContext, 'storage'>) {
    this.#context = context;
  }

  async read(actor: Actor, { accountId, month }: InvoiceQuery): Promise<Invoice> {
    const { db } = this.#context.storage;
    const own = accountOf({ userId: actor.userId, teamId: null });
    const isSeen = !accountId.startsWith('house:') && (actor.role === 'owner' || accountId === own);
    if (!isSeen || (accountId !== own && !(await readAccount(db, accountId)))) {
      throw new NotFoundError('There is no such account.');
    }
    const { currency, timeZone } = await readBooksSettings(db);
    const { from, to } = spanOfMonth(month, timeZone);
    const bills = await sumBills(db, { accountId, from, to });
    const lines = await sumLines(db, { accountId, from, to });
    const kind = accountId.startsWith('team:') ? 'team' : 'user';
    const id = accountId.slice(accountId.indexOf(':') + 1);
    return {
      accountId,
      label: (await namesOf(db, kind, [id])).get(id) ?? null,
      month,
      timeZone,
      from,
      to,
      currency,
      rows: bills.map(({ model, ref, calls, cost, ...usage }) => ({ model, ref, calls, usage, cost })),
      total: bills.reduce((sum, { cost }) => sum + cost, 0),
      credits: lines.credits,
      opening: lines.opening,
      closing: lines.opening + lines.credits + lines.billed,
    };
  }
}

/** The instants between which a month lies. */
function spanOfMonth(month: string, timeZone: string): { from: number; to: number } {
  const calendar = createHouseCalendar(timeZone);
  const middle = Date.parse(`${month}-15T12:00:00Z`);
  if (Number.isNaN(middle)) throw new InvalidInputError('Use a month such as 2026-11.', { field: 'month' });
  return { from: calendar.startOf(middle, 'month'), to: calendar.endOf(middle, 'month') };
}

/** One line for each model, and the sum; money as a decimal number of the currency, exact. */
export function invoiceCsv({ rows, total, month, currency, accountId }: Invoice): string {
  const head = ['month', 'account', 'model', 'ref', 'calls', ...UNITS, 'cost', 'currency'];
  const lines = rows.map(({ model, ref, calls, usage, cost }) => [
    month,
    accountId,
    model,
    ref ?? '',
    calls,
    ...UNITS.map((unit) => usage[unit]),
    decimalMoney(cost),
    currency,
  ]);
  const calls = rows.reduce((sum, row) => sum + row.calls, 0);
  const sums = UNITS.map((unit) => rows.reduce((sum, { usage }) => sum + usage[unit], 0));
  const last = [month, accountId, 'total', '', calls, ...sums, decimalMoney(total), currency];
  return [head, ...lines, last].map(csvLine).join('');
}
