import type { LoreEntry } from '../../../contract/lore.ts';

/** An entry as a reader of a format hands it over, its uid not yet made unique. */
export type ReadEntry = Partial<Omit<LoreEntry, 'uid'>> & { id: unknown };

/** A file's id becomes the uid; a missing or doubled one gets the entry's place, with a mark when that is taken too. */
export function uidOf(id: unknown, place: number, taken: Set<string>): string {
  const own = (typeof id === 'string' && id !== '') || typeof id === 'number' ? String(id).slice(0, 200) : null;
  let uid = own ?? String(place);
  for (let count = 2; taken.has(uid); count += 1) uid = `${(own ?? String(place)).slice(0, 180)}-${count}`;
  taken.add(uid);
  return uid;
}

/** How a uid stands in a file: as a number where it is one. */
export function idOf(uid: string): string | number {
  return /^(?:0|[1-9]\d{0,14})$/.test(uid) ? Number(uid) : uid;
}

/** Where `foreign` keeps an id of the file that the uid cannot stand for. */
export const FILE_ID = '$id';

/** The file's id where `idOf` does not give it back. */
export function ownId(id: unknown, uid: string): string | number | undefined {
  if ((typeof id !== 'string' || id === '') && typeof id !== 'number') return undefined;
  return idOf(uid) === id ? undefined : id;
}
