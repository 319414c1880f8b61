import type { Conversation } from '../../../contract/conversations.ts';
import { Caller } from './caller.ts';
import type { ChatHouse } from './open-house.ts';

/** A person with a browser who has no account: comes by a link under a name. */
export async function comeAsGuest(
  house: Pick<ChatHouse, 'address'>,
  { token, name }: { token: string; name: string },
): Promise<Caller> {
  const address = () => house.address;
  const response = await new Caller(address, {}).fetch(`/api/rooms/door/${token}/enter`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  if (!response.ok) throw new Error(`The door stayed shut: ${await response.text()}`);
  const cookie = response.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
  return new Caller(address, { cookie: cookie.join('; ') });
}

/** A link into a room of the caller's. Returns its secret. */
export async function inviteTo(host: Caller, conversationId: string, uses = 1): Promise<string> {
  const { url } = await host.call<{ url: string }>('POST', `/api/conversations/${conversationId}/invites`, { uses });
  return new URL(url).hash.slice(1);
}

/** The place of somebody by name. */
export function seatOf({ participants }: Conversation, name: string): string {
  const found = participants.find((one) => one.name === name);
  if (!found) throw new Error(`${name} is not in ${participants.map((one) => one.name).join(', ')}.`);
  return found.id;
}
