import type { Locale } from '../../../contract/common.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { SortingRow } from '../../conversation/conversation-list-store.ts';

/** Orders that no column has: by name as people of a language sort it, and what was not read yet before all else. */
export type ReadersOrder = 'name' | 'unread';

interface OrderOptions {
  order: ReadersOrder;
  locale: Locale;
  isUnread(row: SortingRow): boolean;
}

/** All rows in a reader's order. */
export function inReadersOrder(rows: readonly SortingRow[], { order, locale, isUnread }: OrderOptions): SortingRow[] {
  const newest = (a: SortingRow, b: SortingRow) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1);
  if (order === 'unread') {
    const unread = new Set(rows.filter(isUnread).map(({ id }) => id));
    return rows.toSorted((a, b) => Number(unread.has(b.id)) - Number(unread.has(a.id)) || newest(a, b));
  }
  const { compare } = new Intl.Collator(locale === 'zh-CN' ? 'zh-Hans-u-co-pinyin' : 'en', { numeric: true });
  return rows.toSorted((a, b) => compare(a.name ?? '', b.name ?? '') || newest(a, b));
}

/** The part of an order after a cursor: a place and the id that stood before it, which may have moved or gone since. */
export function pageAfter(
  ordered: readonly SortingRow[],
  { cursor, limit }: { cursor: string | undefined; limit: number },
): { ids: string[]; nextCursor: string | null } {
  const start = cursor === undefined || cursor === '' ? 0 : placeAfter(ordered, cursor);
  const page = ordered.slice(start, start + limit).map(({ id }) => id);
  const last = page.at(-1);
  const isEnd = last === undefined || start + limit >= ordered.length;
  return { ids: page, nextCursor: isEnd ? null : `${start + page.length}:${last}` };
}

function placeAfter(ordered: readonly SortingRow[], cursor: string): number {
  const match = /^(\d{1,9}):([\w:.-]{1,128})$/.exec(cursor);
  if (!match?.[1]) throw new InvalidInputError('This cursor is not one of ours.', { field: 'cursor' });
  const found = ordered.findIndex(({ id }) => id === match[2]);
  return found === -1 ? Number(match[1]) : found + 1;
}
