import { createClient } from '../../client/create-client.ts';

/** The browser's client: same origin, signed in by the cookie. */
export const api = createClient({ baseUrl: '' });

/** Ids for sends and new conversations; `crypto.randomUUID` needs a secure context, which a phone on the LAN lacks. */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
