import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { Visitor } from './support/visitor.ts';

const SECRET = 'The brass key lies under the third step';

let browser: Browser;
let house: HouseProcess;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script: playScript })]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

test('a second person, invited by a link, sees nothing of the first', async () => {
  await using owner = await Visitor.enter(browser, house);
  const conversationId = await beginTalk(house);
  const talk = await Talk.open(owner.page, house, conversationId);
  await talk.say(SECRET);
  await talk.settled('Mira', SECRET);
  const characterId = await createCharacter(house);

  await owner.page.goto(`${house.address}/settings/people`);
  await owner.page.getByRole('textbox', { name: 'For whom?' }).fill('Kim');
  await owner.page.getByRole('button', { name: 'Invite somebody' }).click();
  const invitation = await owner.page.getByRole('status').locator('code').innerText();
  expect(new URL(invitation).origin).toBe(house.address);

  await using guest = await Visitor.come(browser);
  const { page } = guest;
  await page.goto(invitation);
  await page.getByRole('textbox', { name: 'Your name' }).fill('Kim');
  await page.getByRole('textbox', { name: 'Sign-in name' }).fill('kim');
  await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('button', { name: 'Meet Mira' }).click();
  const own = new Talk(page);
  await own.say('Good evening, I am new here');
  await own.settled('Mira', 'I am new here');

  // The list, by its search too; the address; the API.
  await expect.poll(() => conversationTitles(page)).toEqual(['Mira']);
  await page.getByRole('searchbox', { name: 'Search everything said' }).fill('brass key');
  await page.getByText('Nothing found for “brass key”.').waitFor();
  await page.goto(`${house.address}/c/${conversationId}`);
  await page.getByRole('heading', { name: 'This conversation was deleted.' }).waitFor();
  for (const path of ['', '/messages', '/events']) {
    const { status, text } = await fetchInside(page, `/api/conversations/${conversationId}${path}`);
    expect({ path, status }).toEqual({ path, status: 404 });
    expect(text).not.toContain('brass key');
  }

  // Characters: the starters are everybody's, what somebody made is theirs.
  await page.goto(`${house.address}/characters`);
  // Once among those talked with lately, once among all.
  await page.getByRole('main').getByRole('link', { name: /^Mira/ }).first().waitFor();
  expect(await page.getByText('Ferryman Otto').count()).toBe(0);
  expect((await fetchInside(page, `/api/characters/${characterId}`)).status).toBe(404);
  await owner.page.goto(`${house.address}/characters`);
  await owner.page
    .getByRole('main')
    .getByRole('link', { name: /^Ferryman Otto/ })
    .waitFor();

  // The invitation worked once; what belongs to the owner alone is not offered.
  await using stranger = await Visitor.come(browser);
  await stranger.page.goto(invitation);
  await stranger.page.getByRole('heading', { name: 'This invitation does not work any more' }).waitFor();
  await page.goto(`${house.address}/settings`);
  await page.getByRole('link', { name: 'Account' }).waitFor();
  expect(await page.getByRole('link', { name: 'People' }).count()).toBe(0);
});

test('a second device comes in by a one-time link and is signed out from the first', async () => {
  await using computer = await Visitor.enter(browser, house);
  await computer.page.goto(`${house.address}/settings/account`);
  await computer.page.getByRole('button', { name: 'Make a sign-in link' }).click();
  await computer.page.getByRole('img', { name: 'QR code of the sign-in link' }).waitFor();
  const link = await computer.page.locator('code').innerText();

  await using phone = await Visitor.come(browser, {
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1',
  });
  await phone.page.goto(link);
  await phone.page.getByRole('heading', { name: 'It is quiet here' }).waitFor();
  expect(phone.page.url()).toBe(`${house.address}/`);

  await using stranger = await Visitor.come(browser);
  await stranger.page.goto(link);
  await stranger.page.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
  expect(stranger.page.url()).not.toContain('#');

  await computer.page.reload();
  await computer.page.getByRole('button', { name: /^Sign out Safari/ }).click();
  await computer.page.getByRole('button', { name: /^Sign out Safari/ }).waitFor({ state: 'detached' });
  await expect.poll(async () => (await fetchInside(phone.page, '/api/me')).status).toBe(401);
  await phone.page.reload();
  await phone.page.waitForURL('**/sign-in');
  expect((await fetchInside(computer.page, '/api/me')).status).toBe(200);
});

async function createCharacter({ owner }: HouseProcess): Promise<string> {
  const { id } = await owner.call('createCharacter', {
    body: { name: 'Ferryman Otto', description: 'He knows the river.', greeting: 'Mind the gap.' },
  });
  return id;
}

async function conversationTitles(page: Page): Promise<string[]> {
  return await page.getByRole('navigation', { name: 'Main' }).getByRole('listitem').locator('b').allInnerTexts();
}

/** Asks from inside the page, with the cookies of whoever sits there. */
async function fetchInside(page: Page, path: string): Promise<{ status: number; text: string }> {
  return await page.evaluate(async (address) => {
    const response = await fetch(address);
    return { status: response.status, text: await response.text() };
  }, path);
}
