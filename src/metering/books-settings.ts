import { booksSettingsSchema, type BooksSettings } from '../../contract/platform-books.ts';
import { InvalidInputError } from '../base/errors.ts';
import { readSetting, writeSetting } from '../storage/setting-store.ts';
import type { Db, Trx } from '../storage/storage.ts';
import { createHouseCalendar } from './house-calendar.ts';

const KEY = 'books';

/** How the house keeps its books; until somebody says otherwise in dollars, in the server's time zone, without limits. */
export async function readBooksSettings(db: Db | Trx): Promise<BooksSettings> {
  const text = await readSetting(db, { scope: 'house', key: KEY });
  if (text !== undefined) return booksSettingsSchema.parse(JSON.parse(text));
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return { currency: 'USD', timeZone, memberCreditLimit: null };
}

/** Throws `InvalidInputError` for a time zone that nobody knows. */
export async function writeBooksSettings(trx: Trx, settings: BooksSettings): Promise<void> {
  try {
    createHouseCalendar(settings.timeZone);
  } catch (error) {
    throw new InvalidInputError(`There is no time zone “${settings.timeZone}”. Use a name such as Europe/Lisbon.`, {
      field: 'timeZone',
      cause: error,
    });
  }
  await writeSetting(trx, { scope: 'house', key: KEY, value: JSON.stringify(settings) });
}
