import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { comeAsGuest, makeRoom, wordsOf } from './support/room.ts';
import { settleOwner, Talk } from './support/talk.ts';
import { Visitor } from './support/visitor.ts';

const MODEL = 'qwen2.5-coder-0.5b';
/** Reading cards and writing replies, on two cores that others use too. */
const LIMIT_IN_MS = 170_000;
/** The house takes so many questions a minute. */
const LOOK_EVERY_IN_MS = 1_000;
const SECRET = 'the cellar is full of oranges';

/** Minutes of a model's time on two cores: only where every count is run whole. */
const isThere =
  process.env['EVERWITH_FULL'] === '1' && (process.env['EVERWITH_TEST_WEIGHTS'] ?? '').split(',').includes(MODEL);

let browser: Browser;
let house: HouseProcess;

beforeAll(async () => {
  if (!isThere) return;
  [browser, house] = await Promise.all([
    launchBrowser(),
    HouseProcess.start({ environment: { EVERWITH_OFFLINE: '1' } }),
  ]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

test.skipIf(!isThere)(
  `host and guest play a room with a real model: whisper, director, branch, a cut network (needs --full and the weights of ${MODEL})`,
  async () => {
    const { id } = await makeRoom(house, ['Ada', 'Tom'], { turnOrder: 'director', mostReplies: 1 });
    await using host = await Visitor.enter(browser, house);
    const hosts = await Talk.open(host.page, house, id);
    await using guest = await comeAsGuest({ browser, house, id }, 'Kim');
    const guests = new Talk(guest.page);
    await host.page.getByText('Kim comes in.').waitFor();

    // The guest whispers to one; neither the host's page nor what the host may read has a word of it.
    await guest.page.getByRole('button', { name: /^Who hears it/ }).click();
    await guest.page.getByRole('menuitemcheckbox', { name: 'Tom' }).click();
    await guest.page.keyboard.press('Escape');
    await guests.say(SECRET);
    await guest.page.getByText('whispered to Tom').waitFor();
    const whispered = await grown(id, 4);
    expect(whispered.filter(({ withheld }) => withheld)).toHaveLength(2);
    expect(await wordsOf(host.page)).not.toContain('oranges');
    expect(JSON.stringify(whispered)).not.toContain('oranges');
    await guest.page.getByRole('button', { name: /^Who hears it/ }).click();
    await guest.page.getByRole('menuitemradio', { name: 'To everyone here' }).click();

    // The director picks, and its words stand under the name.
    await hosts.say('What do you all see from the window?');
    const directed = (await grown(id, 6)).at(-1) ?? fail();
    const { turn } = await house.owner.call('receipt', { params: { id: directed.id } });
    expect(turn).toBeDefined();
    if (turn?.why) await host.page.getByText(turn.why).first().waitFor();

    // A branch: the host asks anew, both see the new version.
    await house.owner.call('startReply', { params: { id }, body: { kind: 'regenerate', messageId: directed.id } });
    const branched = (await grown(id, 6)).at(-1) ?? fail();
    expect(branched.siblings).toHaveLength(2);
    for (const page of [host.page, guest.page]) {
      await page.locator(`[data-message="${branched.id}"][aria-busy=false]`).waitFor({ timeout: LIMIT_IN_MS });
    }

    // The guest's network is cut in the middle of a reply, and comes back.
    await hosts.say('Ada, tell a long story about the sea.');
    await guest.page.locator('article[aria-busy=true] p').first().waitFor({ timeout: LIMIT_IN_MS });
    await guest.context.setOffline(true);
    await guest.page.getByText(/Not connected/).waitFor({ timeout: LIMIT_IN_MS });
    const last = (await grown(id, 8)).at(-1) ?? fail();
    await guest.context.setOffline(false);
    for (const page of [host.page, guest.page]) {
      await page.locator(`[data-message="${last.id}"][aria-busy=false]`).waitFor({ timeout: LIMIT_IN_MS });
    }
    const [atHost, atGuest] = await Promise.all(
      [host.page, guest.page].map((page) => page.locator(`[data-message="${last.id}"] p`).allInnerTexts()),
    );
    expect(atHost?.join('').length).toBeGreaterThan(0);
    expect(atGuest).toEqual(atHost);
  },
  LIMIT_IN_MS * 3,
);

function fail(): never {
  throw new Error('The room is empty.');
}

async function pathOf(id: string) {
  return (await house.owner.call('messages', { params: { id }, query: { limit: 50 } })).messages;
}

/** Waits until a path has so many messages, the last of them whole; the newest end of it. */
async function grown(id: string, length: number) {
  const limit = performance.now() + LIMIT_IN_MS;
  while (performance.now() < limit) {
    const path = await pathOf(id);
    const end = path.at(-1);
    if (end !== undefined && end.depth + 1 >= length && end.state !== 'streaming') return path;
    await delay(LOOK_EVERY_IN_MS);
  }
  throw new Error(`The room did not come to ${length} messages.`);
}
