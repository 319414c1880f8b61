import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { Network } from './support/network.ts';
import { comeAsGuest, makeRoom, wordsOf } from './support/room.ts';
import { settleOwner, Talk } from './support/talk.ts';
import { Visitor } from './support/visitor.ts';

const MODEL = 'qwen2.5-coder-0.5b';
/** For one reply: reading and writing on two cores that others use too. */
const LIMIT_IN_MS = 400_000;
/** The house takes so many questions a minute. */
const LOOK_EVERY_IN_MS = 500;
/** Replies of a sentence or two: what is tried is the room. */
const REPLY_TOKENS = 32;
/** A story lasts long enough to be cut in the middle. */
const STORY_TOKENS = 128;
const SECRET = 'the cellar is full of oranges';

const isThere = (process.env['EVERWITH_TEST_WEIGHTS'] ?? '').split(',').includes(MODEL);

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
  `host and guest play a room with a real model: whisper, director, branch, a cut network (needs the weights of ${MODEL})`,
  async () => {
    const { id, seats } = await makeRoom(house, ['Ada', 'Tom'], { turnOrder: 'director', mostReplies: 1 });
    await answerWithin(REPLY_TOKENS, id);
    await house.owner.call('warmConversation', { params: { id } });
    await using network = await Network.to(house.address);
    await using host = await Visitor.enter(browser, house);
    const hosts = await Talk.open(host.page, house, id);
    await using guest = await comeAsGuest({ browser, house, id, network }, 'Kim');
    const guests = new Talk(guest.page);
    await host.page.getByText('Kim comes in.').waitFor();

    // The guest whispers to one; neither the host's page nor what the host may read has a word of it.
    await hear(guests, 'Tom');
    await guests.say(SECRET);
    await guest.page.getByText('whispered to Tom').waitFor();
    const whispered = await grown(id, 4);
    expect(whispered.filter(({ withheld }) => withheld)).toHaveLength(2);
    expect(await wordsOf(host.page)).not.toContain('oranges');
    expect(JSON.stringify(whispered)).not.toContain('oranges');
    await hear(guests, 'To everyone here');

    // The director picks, and its words stand under the name.
    await hosts.say('What do you all see from the window?');
    const directed = (await grown(id, 6)).at(-1) ?? fail();
    const { turn } = await house.owner.call('receipt', { params: { id: directed.id } });
    expect(turn).toMatchObject({ participantId: seats.get(directed.author.name), by: 'director' });
    expect(turn?.why).not.toBe('');
    await host.page
      .getByText(turn?.why ?? '')
      .first()
      .waitFor();

    // A branch: the host asks anew, both see the new version.
    await house.owner.call('startReply', { params: { id }, body: { kind: 'regenerate', messageId: directed.id } });
    const branched = (await grown(id, 6)).at(-1) ?? fail();
    expect(branched.siblings).toHaveLength(2);
    await bothHave(branched.id);

    // The guest's network is cut in the middle of a reply, which goes on, and is whole when it is back.
    await answerWithin(STORY_TOKENS, id);
    await hosts.say('Ada, tell a long story about the sea.');
    await guest.page.locator('article[aria-busy=true] p').first().waitFor({ timeout: LIMIT_IN_MS });
    network.cut();
    await guest.page.getByText(/^Not connected/).waitFor();
    const last = (await grown(id, 8)).at(-1) ?? fail();
    await host.page.locator(whole(last.id)).waitFor();
    network.mend();
    await bothHave(last.id);
    await guest.page.getByText(/^Not connected/).waitFor({ state: 'detached' });

    /** Whole and with the same words on both pages. */
    async function bothHave(messageId: string): Promise<void> {
      const atHost = host.page.locator(whole(messageId)).locator('p').first();
      await atHost.waitFor();
      const words = await atHost.innerText();
      expect(words).not.toBe('');
      await guest.page.locator(whole(messageId)).filter({ hasText: words }).waitFor();
    }
  },
  LIMIT_IN_MS * 3,
);

function fail(): never {
  throw new Error('The room is empty.');
}

function whole(messageId: string): string {
  return `[data-message="${messageId}"][aria-busy=false]`;
}

/** The house's own prompt with answers of so many tokens at most. */
async function answerWithin(maxOutputTokens: number, id: string): Promise<void> {
  const { presets } = await house.owner.call('presets');
  const { body } = await house.owner.call('preset', { params: { id: presets[0]?.id ?? '' } });
  const preset = await house.owner.call('createPreset', {
    body: { name: `At most ${maxOutputTokens}`, body: { ...body, maxOutputTokens } },
  });
  await house.owner.call('updateConversation', { params: { id }, body: { promptPresetId: preset.id } });
}

/** Chooses who hears the next words. */
async function hear({ page }: Talk, who: string): Promise<void> {
  await page.getByRole('button', { name: /^Who hears it/ }).click();
  await page
    .getByRole('menuitemcheckbox', { name: who })
    .or(page.getByRole('menuitemradio', { name: who }))
    .click();
  await page.keyboard.press('Escape');
}

/** Waits until a path has so many messages, the last of them whole; the newest end of it. */
async function grown(id: string, length: number) {
  const limit = performance.now() + LIMIT_IN_MS;
  while (performance.now() < limit) {
    const { messages } = await house.owner.call('messages', { params: { id }, query: { limit: 50 } });
    const end = messages.at(-1);
    if (end?.state === 'failed') throw new Error(`A reply failed: ${JSON.stringify(end)}`);
    if (end !== undefined && end.depth + 1 >= length && end.state === 'done') return messages;
    await delay(LOOK_EVERY_IN_MS);
  }
  throw new Error(`The room did not come to ${length} messages.`);
}
