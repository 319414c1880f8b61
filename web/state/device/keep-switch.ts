const SWITCH_KEY = 'everwith.keep-reading';
const PERSON_KEY = 'everwith.kept-person';
/** As `sw.js` calls it: pictures are kept as long as it is there. */
const PICTURES = 'everwith-pictures';

/** Whether this device keeps recent conversations to be read without a network. */
export function isKeeping(): boolean {
  return localStorage.getItem(SWITCH_KEY) !== 'off';
}

export function setKeeping(keeping: boolean): void {
  if (keeping) localStorage.removeItem(SWITCH_KEY);
  else localStorage.setItem(SWITCH_KEY, 'off');
}

/** Who was here last, by id: whose kept conversations are shown while the server does not answer. */
export function keptPersonId(): string | null {
  return isKeeping() ? localStorage.getItem(PERSON_KEY) : null;
}

export function rememberPerson(userId: string | null): void {
  if (userId === null) localStorage.removeItem(PERSON_KEY);
  else localStorage.setItem(PERSON_KEY, userId);
}

/** Lets the service worker keep pictures, or takes them away. Without a secure address there is nothing to keep them in. */
export async function keepPictures(keeping: boolean): Promise<void> {
  if (typeof caches === 'undefined') return;
  await (keeping ? caches.open(PICTURES) : caches.delete(PICTURES));
}
