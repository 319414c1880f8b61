/** `?elder`: one large button, patience, large words. */
export interface CallSearch {
  elder?: true;
}

export function readCallSearch(search: Record<string, unknown>): CallSearch {
  return 'elder' in search && search['elder'] !== false ? { elder: true } : {};
}
