import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { LibrarySearch } from './library-search.ts';

const route = getRouteApi('/inside/frame/characters');

export interface LibraryAddress {
  search: LibrarySearch;
  /** Changes what is named; `undefined` takes a part away. */
  change: (part: { [Key in keyof LibrarySearch]?: LibrarySearch[Key] | undefined }) => void;
  /** Shows the whole library, in the order it is in. */
  clear: () => void;
}

/** What is shown, as the address says. */
export function useLibrary(): LibraryAddress {
  const search = route.useSearch();
  const navigate = useNavigate();
  const change = useCallback<LibraryAddress['change']>(
    (part) => void navigate({ to: '/characters', search: (before) => ({ ...before, ...part }), replace: true }),
    [navigate],
  );
  const { sort } = search;
  const clear = () => void navigate({ to: '/characters', search: sort ? { sort } : {}, replace: true });
  return { search, change, clear };
}
