import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { UpdateRoom } from '../../../contract/rooms.ts';
import type { ScriptInput } from '../../../src/models/scripted/script.ts';
import { until } from '../../integration/support/until.ts';
import type { HouseProcess } from './house-process.ts';
import type { Network } from './network.ts';
import { playScript } from './scripts.ts';
import { Visitor } from './visitor.ts';

const says = (text: string) => [{ type: 'tokens' as const, tokens: text.split(/(?= )/), delayInMs: 10 }];

/** As `playScript`; the director lets Wren speak of birds, and nobody after that. */
export const roomScript: ScriptInput = {
  ...playScript,
  // An echo would begin with whose words they were, and a reply ends where it speaks as somebody else.
  rules: [
    ...(playScript.rules ?? []),
    { when: { contains: 'birds' }, steps: says('They come back in March.') },
    { when: { contains: 'lighthouse' }, steps: says('I know that lighthouse.') },
    { steps: says('Good evening to you.') },
  ],
  directionRules: [
    { when: { matches: 'birds[^]*March' }, steps: says('{"next":"nobody","why":"It is for Robin to say."}') },
    { when: { contains: 'birds' }, steps: says('{"next":"Wren","why":"Wren knows the birds."}') },
  ],
};

export interface MadeRoom {
  id: string;
  /** Participants by name. */
  seats: ReadonlyMap<string, string>;
}

/** A room of the owner's with characters of these names, made for it, and the settings given. */
export async function makeRoom(
  { owner }: HouseProcess,
  names: readonly string[],
  settings: UpdateRoom = {},
): Promise<MadeRoom> {
  const ids: string[] = [];
  for (const name of names) {
    const body = { name, description: `${name} lives by the sea.`, greeting: `*${name} looks up.* Come in.` };
    ids.push((await owner.call('createCharacter', { body })).id);
  }
  const [characterId = '', ...characterIds] = ids;
  const { id } = await owner.call('createConversation', { body: { characterId, characterIds, locale: 'en' } });
  const room = await owner.call('updateRoom', { params: { id }, body: settings });
  return { id, seats: new Map(room.participants.map((one) => [one.name, one.id])) };
}

/** Somebody without an account comes in by a fresh link of the host's; `network`: over a way that can be cut. */
export async function comeAsGuest(
  { browser, house, id, network }: { browser: Browser; house: HouseProcess; id: string; network?: Network },
  name: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const { url } = await house.owner.call('createRoomInvite', { params: { id }, body: { note: name, uses: 1 } });
  const visitor = await Visitor.come(browser, options);
  await visitor.page.goto(network ? url.replace(new URL(url).origin, network.address) : url);
  await visitor.page.getByRole('textbox').fill(name);
  await visitor.page.locator('form button[type=submit]').click();
  await visitor.page.waitForURL('**/c/*');
  return visitor;
}

/** Waits until nobody speaks in a room and nobody is about to. */
export async function roomRests({ owner }: HouseProcess, id: string): Promise<void> {
  await until('the room rests', async () => !(await owner.call('conversation', { params: { id } })).replying);
}

/** Everything that a page shows as text. */
export async function wordsOf(page: Page): Promise<string> {
  return await page.locator('body').innerText();
}
