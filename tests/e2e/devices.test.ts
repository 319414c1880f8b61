import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../integration/support/until.ts';
import { launchBrowser } from '../support/browser.ts';
import { accessProblems } from './support/access-problems.ts';
import { Gate } from './support/gate.ts';
import { HouseProcess } from './support/house-process.ts';
import { gatedTide, TIDE_END } from './support/scripts.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { AS_INSTALLED, PHONE, Visitor } from './support/visitor.ts';

let browser: Browser;
let house: HouseProcess;
/** In the middle of the tide. */
let gate: Gate;

beforeAll(async () => {
  gate = await Gate.build();
  const script = gatedTide({ after: 20, gate });
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script })]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
  await gate?.[Symbol.asyncDispose]();
});

const WAITING = 'Waiting for the network. It is sent by itself.';

/** How often something was said, as the house knows it. */
async function timesSaid(conversationId: string, text: string): Promise<number> {
  const { messages } = await house.owner.call('messages', { params: { id: conversationId }, query: { limit: 200 } });
  return messages.filter(
    ({ author, parts }) => author.kind === 'human' && parts.some((part) => part.type === 'text' && part.text === text),
  ).length;
}

/** The worker holds the page's files, so that it opens without a network. */
async function isReadyOffline(talk: Talk, chunk: 'home-page' | 'conversation-page'): Promise<void> {
  await talk.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await talk.page.reload();
  await talk.box.waitFor();
  await until(`the ${chunk} is kept, and all that the page has loaded`, () =>
    talk.page.evaluate(async (name) => {
      const kept = new Set((await (await caches.open('everwith-shell-1')).keys()).map(({ url }) => url));
      const loaded = performance.getEntriesByType('resource').map((entry) => entry.name);
      const files = loaded.filter((url) => url.includes('/assets/') && !url.includes('/api/'));
      return [...kept].some((url) => url.includes(`/assets/${name}`)) && files.every((url) => kept.has(url));
    }, chunk),
  );
}

test('what is written without a network waits, outlives its tab, and is sent once; both devices show one order', async () => {
  await using phone = await Visitor.enter(browser, house, { ...AS_INSTALLED, viewport: PHONE, hasTouch: true });
  await using desktop = await Visitor.enter(browser, house, AS_INSTALLED);
  const id = await beginTalk(house);
  const here = await Talk.open(phone.page, house, id);
  const there = await Talk.open(desktop.page, house, id);
  await here.say('From the phone');
  await there.settled('Mira', 'From the phone');
  await isReadyOffline(here, 'conversation-page');

  await phone.context.setOffline(true);
  await here.say('Out on the water');
  await here.last('You').getByText(WAITING).waitFor();
  await here.say('Still out there');
  await until('both wait', async () => (await here.page.getByText(WAITING).count()) === 2);
  expect(await accessProblems(here.page, { bestPractices: true })).toEqual([]);
  await there.say('From the desk meanwhile');
  await there.settled('Mira', 'From the desk meanwhile');

  await here.page.close();
  const again = new Talk(await phone.context.newPage());
  await again.page.goto(`${house.address}/c/${id}`);
  await again.messages('You').filter({ hasText: 'Still out there' }).getByText(WAITING).waitFor();
  await phone.context.setOffline(false);
  await again.settled('Mira', 'Still out there');
  await there.settled('Mira', 'Still out there');
  expect([await timesSaid(id, 'Out on the water'), await timesSaid(id, 'Still out there')]).toEqual([1, 1]);
  await expect.poll(() => again.page.getByText(WAITING).count()).toBe(0);
  const said = async (talk: Talk) => (await talk.messages('You').allInnerTexts()).map((text) => text.split('\n')[0]);
  await expect.poll(() => said(again)).toEqual(await said(there));
});

test('recent conversations are read without a network, marked with their age; signing out takes them away', async () => {
  await using visitor = await Visitor.enter(browser, house, { ...AS_INSTALLED, viewport: PHONE, hasTouch: true });
  const id = await beginTalk(house);
  const talk = await Talk.open(visitor.page, house, id);
  await talk.say('Keep this for the train');
  await talk.settled('Mira', 'Keep this for the train');
  await isReadyOffline(talk, 'home-page');
  await talk.settled('Mira', 'Keep this for the train');
  await until('it is kept', () =>
    talk.page.evaluate(async (conversationId) => {
      const [name = ''] = (await indexedDB.databases()).map((one) => one.name ?? '');
      const open = indexedDB.open(name);
      await new Promise((resolve) => open.addEventListener('success', resolve));
      const read = open.result.transaction('conversations').objectStore('conversations').get(conversationId);
      await new Promise((resolve) => read.addEventListener('success', resolve));
      open.result.close();
      return JSON.stringify(read.result ?? null).includes('Keep this for the train');
    }, id),
  );

  await visitor.context.setOffline(true);
  await talk.page.reload();
  await talk.last('Mira').getByText('Keep this for the train').waitFor();
  await talk.page.getByText(/^Not connected\. This is what was kept on this device on /).waitFor();
  await talk.page.goto(`${house.address}/`);
  await talk.page.getByText('Not connected. These conversations are kept on this device.').waitFor();
  await visitor.context.setOffline(false);
  await talk.page
    .getByText('Not connected. These conversations are kept on this device.')
    .waitFor({ state: 'detached' });

  await talk.page.goto(`${house.address}/settings/account`);
  await talk.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await talk.page.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).click();
  await talk.page.waitForURL(/sign-in/);
  await visitor.context.setOffline(true);
  await talk.page.goto(`${house.address}/c/${id}`);
  await talk.page.getByRole('heading', { name: 'Everwith does not answer' }).waitFor();
  expect(await talk.page.getByText('Keep this for the train').count()).toBe(0);
});

test('a reply that ends while the page is hidden or another one is shown is told of, with a way there', async () => {
  await using visitor = await Visitor.enter(browser, house, AS_INSTALLED);
  const id = await beginTalk(house);
  const talk = await Talk.open(visitor.page, house, id);
  const { page } = talk;
  await gate.shut();
  await talk.say('Come and see the tide');
  await talk.writing('Mira', 'tide5');
  // Another page of the app, then another window in front of it.
  await page.getByRole('link', { name: 'Characters', exact: true }).first().click();
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await gate.open();
  await until('the title tells', async () => (await page.title()).startsWith('(1) '));
  await page.evaluate(() => {
    Reflect.deleteProperty(document, 'visibilityState');
    document.dispatchEvent(new Event('visibilitychange'));
  });
  const notices = page.getByRole('region', { name: 'Notices' });
  await notices.getByText('Mira has answered.').waitFor();
  await notices.getByRole('button', { name: 'Go there' }).click();
  await talk.settled('Mira', TIDE_END);
  expect(await page.title()).not.toMatch(/^\(/);
});

test('a frozen page wakes to the reply that went on', async () => {
  await using visitor = await Visitor.enter(browser, house, { ...AS_INSTALLED, viewport: PHONE, hasTouch: true });
  const id = await beginTalk(house);
  const talk = await Talk.open(visitor.page, house, id);
  const devtools = await visitor.context.newCDPSession(talk.page);
  await gate.shut();
  await talk.say('Come and see the tide');
  await talk.writing('Mira', 'tide3');
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  await gate.open();
  await until('the house has the whole reply', async () => {
    const { replying } = await house.owner.call('conversation', { params: { id } });
    return !replying;
  });
  await devtools.send('Page.setWebLifecycleState', { state: 'active' });
  await talk.settled('Mira', TIDE_END);
});

test('a message that is refused stays with its reason, is changed and sent; in Chinese', async () => {
  await using visitor = await Visitor.enter(browser, house, { ...AS_INSTALLED, locale: 'zh-CN' });
  await house.owner.call('updateMe', { body: { locale: 'zh-CN' } });
  try {
    const id = await beginTalk(house);
    await visitor.page.goto(`${house.address}/c/${id}`);
    const { page } = visitor;
    await page.route('**/api/conversations/*/messages', async (route) => {
      const isBad = route.request().method() === 'POST' && (route.request().postData() ?? '').includes('不合适');
      const error = { code: 'invalid-input', message: 'The text is not allowed.', retryable: false };
      await (isBad ? route.fulfill({ status: 400, json: { error } }) : route.continue());
    });
    await page.getByRole('textbox', { name: /^写给/ }).fill('不合适的话');
    await page.keyboard.press('Enter');
    await page
      .getByRole('alert')
      .getByText(/^没有发出：/)
      .waitFor();
    await page.getByRole('button', { name: '修改' }).click();
    await page.getByRole('textbox', { name: '修改' }).fill('合适的话');
    await page.getByRole('button', { name: '立即发送' }).click();
    await until('it is sent', async () => (await timesSaid(id, '合适的话')) === 1);
    await page.getByRole('alert').waitFor({ state: 'detached' });
  } finally {
    await house.owner.call('updateMe', { body: { locale: 'en' } });
  }
});
