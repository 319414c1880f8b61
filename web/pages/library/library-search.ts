import { z } from 'zod';
import { librarySortSchema } from '../../../contract/library.ts';

/** What the address of the library says: a link, a reload and the way back show the same list. */
export const librarySearchSchema = z.object({
  search: z.coerce.string().max(200).optional().catch(undefined),
  favourite: z.literal(true).optional().catch(undefined),
  kind: z.enum(['mine', 'starter']).optional().catch(undefined),
  lore: z.literal(true).optional().catch(undefined),
  /** A folder's id, or `none`. */
  folder: z.string().max(128).optional().catch(undefined),
  /** Keys of tags. */
  tags: z.array(z.string().max(100)).max(20).optional().catch(undefined),
  match: z.literal('any').optional().catch(undefined),
  sort: librarySortSchema.optional().catch(undefined),
});
export type LibrarySearch = z.output<typeof librarySearchSchema>;

export type QueryOfLibrary = Record<string, string | undefined>;

/** The filter as the server is asked for it. */
export function filterOf(search: LibrarySearch): QueryOfLibrary {
  return {
    search: search.search === '' ? undefined : search.search,
    favourite: search.favourite ? '1' : undefined,
    kind: search.kind,
    lore: search.lore ? '1' : undefined,
    folder: search.folder,
    tags: search.tags?.join(','),
    match: search.match,
  };
}

/** True when the whole library is shown. */
export function isWhole(search: LibrarySearch): boolean {
  return Object.values(filterOf({ ...search, match: undefined })).every((value) => value === undefined || value === '');
}
