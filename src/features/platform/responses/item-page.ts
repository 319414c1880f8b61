import type { ItemPage, StoredItem } from '../../../../contract/openai/response-items.ts';
import type { ListItemsQuery } from '../../../../contract/openai/responses.ts';
import { NotFoundError } from '../../../base/errors.ts';

/** A page of items that are given in the order in which they were said. */
export function pageOfItems(items: readonly StoredItem[], { order, after, before, limit }: ListItemsQuery): ItemPage {
  const ordered = order === 'asc' ? [...items] : items.toReversed();
  const start = after === undefined ? 0 : placeOf(ordered, after, 'after') + 1;
  const end = before === undefined ? ordered.length : placeOf(ordered, before, 'before');
  const rest = ordered.slice(start, end);
  const data = before !== undefined && after === undefined ? rest.slice(-limit) : rest.slice(0, limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? '',
    last_id: data.at(-1)?.id ?? '',
    has_more: rest.length > data.length,
  };
}

function placeOf(items: readonly StoredItem[], id: string, field: string): number {
  const place = items.findIndex((item) => item.id === id);
  if (place === -1) throw new NotFoundError(`There is no item “${id.slice(0, 100)}” here.`, { field });
  return place;
}
