import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { AS_INSTALLED, Visitor } from './support/visitor.ts';

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

test('a server that is away is told of, and when it is back the page goes on with the draft', async () => {
  await using visitor = await Visitor.enter(browser, house, AS_INSTALLED);
  const { page } = visitor;
  const talk = await Talk.open(page, house, await beginTalk(house));
  await talk.say('Before the storm');
  await talk.settled('Mira', 'Before the storm');
  await talk.box.fill('A draft worth keeping');

  await house.close();
  const banner = page.getByText('Not connected. What you see may be old; it reconnects by itself.');
  await banner.waitFor();
  await talk.last('Mira').getByText('Before the storm').waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const unsent = talk.last('You').filter({ hasText: 'A draft worth keeping' });
  await unsent.getByText('Waiting for the network. It is sent by itself.').waitFor();
  await talk.box.fill('A second draft');

  await house.open();
  await banner.waitFor({ state: 'detached' });
  await expect.poll(() => talk.box.inputValue()).toBe('A second draft');
  await talk.settled('Mira', 'A draft worth keeping');
  await page.reload();
  await talk.settled('Mira', 'A draft worth keeping');
  await expect.poll(() => talk.box.inputValue()).toBe('A second draft');
});

test('the page itself opens while the server is away, says so, and comes back', async () => {
  await using visitor = await Visitor.enter(browser, house, AS_INSTALLED);
  const { page } = visitor;
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await page.getByRole('heading', { name: 'It is quiet here' }).waitFor();
  await house.close();
  await page.reload();
  const kept = page.getByText('Not connected. These conversations are kept on this device.');
  await kept.waitFor();
  await house.open();
  await kept.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'It is quiet here' }).waitFor();
});

test('a reply that a provider could not write tells why and is written when asked again', async () => {
  await using visitor = await Visitor.enter(browser, house, AS_INSTALLED);
  const talk = await Talk.open(visitor.page, house, await beginTalk(house));
  await talk.say('Please fail once, then answer');
  const failed = await talk.settled('Mira', 'The reply could not be written: The provider is having a bad day.');
  await failed.getByRole('button', { name: 'Try again' }).click();
  await talk.settled('Mira', 'Please fail once, then answer');
  expect(await talk.page.getByText('could not be written').count()).toBe(0);
});

test('a message that is too long is not sent, and is still there to be shortened', async () => {
  await using visitor = await Visitor.enter(browser, house, AS_INSTALLED);
  const talk = await Talk.open(visitor.page, house, await beginTalk(house));
  await talk.box.fill('a'.repeat(100_005));
  await talk.box.press('Enter');
  await talk.page.getByRole('alert').getByText('5 characters too many.').waitFor();
  expect(await talk.messages('You').count()).toBe(0);
  expect((await talk.box.inputValue()).length).toBe(100_005);
});
