import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { accessProblems } from './support/access-problems.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { seedLongTalk } from './support/seed-long-talk.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { DESKTOP, PHONE, Visitor } from './support/visitor.ts';

const LENGTH = 3000;

let browser: Browser;
let house: HouseProcess;
let conversationId: string;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script: playScript })]);
  await settleOwner(house);
  conversationId = await beginTalk(house);
  const { id: ownerId } = await house.owner.call('me');
  await house.close();
  await seedLongTalk({ dataDirectory: house.dataDirectory, conversationId, ownerId, length: LENGTH });
  await house.open();
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

test('the box in a conversation goes to a message far back with one page, on from there, and back to the end', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const pages: URL[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname.endsWith('/messages')) pages.push(url);
  });
  await Talk.open(page, house, conversationId);
  await row(page, LENGTH).waitFor();
  const before = pages.length;
  await page.keyboard.press('Control+F');
  const box = page.getByRole('searchbox', { name: 'Find in this conversation' });
  await box.fill('"number 40"');
  await page.getByRole('status').filter({ hasText: '1 match' }).waitFor();
  await box.press('Enter');
  await row(page, 40).getByText('Number 40.').waitFor();
  await page.waitForFunction(() => document.querySelector('main li[data-sought="true"][aria-posinset="40"]') !== null);
  await expect.poll(() => inView(page, 40)).toBe(true);
  expect(pages.slice(before).filter((url) => url.searchParams.has('around'))).toHaveLength(1);
  expect(pages.length - before).toBeLessThan(5);

  // On from there, downwards, page by page.
  await wheelUntil(page, 400, () => row(page, 80).isVisible());
  await page.getByRole('button', { name: 'To the newest message' }).click();
  await row(page, LENGTH).getByText(`Number ${LENGTH}.`).waitFor();

  await box.fill('gulls');
  await page.getByRole('status').filter({ hasText: 'more than 1000 matches' }).waitFor();
  await box.press('Enter');
  await page.getByRole('status').filter({ hasText: '1 of 1000' }).waitFor();
  await box.press('Shift+Enter');
  await page.getByRole('status').filter({ hasText: '100 of 1000' }).waitFor();
  await page.getByRole('button', { name: 'List the matches' }).click();
  expect(await page.getByRole('search').locator('mark').first().textContent()).toBe('gulls');
  await box.press('Escape');
  await box.waitFor({ state: 'detached' });
});

test('a match on another branch is shown first, and the path moves only when the reader agrees', async () => {
  const talkId = await beginTalk(house);
  const { message } = await house.owner.call('sendMessage', {
    params: { id: talkId },
    body: { text: 'The wombat sleeps', clientId: 'wombat', reply: false },
  });
  await house.owner.call('editMessage', { params: { id: message.id }, body: { text: 'The badger sleeps' } });
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await Talk.open(page, house, talkId);
  await page.getByRole('article').getByText('The badger sleeps').waitFor();
  await page.keyboard.press('Control+F');
  const box = page.getByRole('searchbox', { name: 'Find in this conversation' });
  await box.fill('wombat');
  await page.getByRole('status').filter({ hasText: '1 match' }).waitFor();
  await box.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'On another branch' });
  await dialog.getByText('The wombat sleeps').waitFor();
  await dialog.getByRole('button', { name: 'Stay here' }).click();
  expect(await page.getByRole('article').getByText('The badger sleeps').isVisible()).toBe(true);
  await page.goto(`${house.address}/c/${talkId}?message=${message.id}`);
  await dialog.getByRole('button', { name: 'Go to this branch' }).click();
  await page.getByRole('article').getByText('The wombat sleeps').waitFor();
  await dialog.waitFor({ state: 'detached' });
  expect(await page.getByRole('article').getByText('The badger sleeps').count()).toBe(0);
});

test('the palette finds people, places and words with the keyboard alone', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(house.address);
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  await page.keyboard.press('Control+K');
  const box = page.getByRole('combobox', { name: 'A name, a word that was said, a command' });
  await box.fill('"number 77"');
  await page.getByRole('option', { name: /Number 77\./ }).waitFor();
  while (
    !(await page.getByRole('dialog').getByRole('option', { selected: true }).textContent())?.includes('Number 77')
  ) {
    await box.press('ArrowDown');
  }
  await box.press('Enter');
  await page.waitForURL(/\/c\/.*message=/);
  await row(page, 77).getByText('Number 77.').waitFor();
  await page.keyboard.press('Control+K');
  await box.fill('yanzi');
  await page
    .getByRole('option', { name: /^Begin with / })
    .first()
    .waitFor();
  expect(await accessProblems(page)).toEqual([]);
});

test.each([
  { locale: 'en', viewport: DESKTOP, colorScheme: 'light' },
  { locale: 'zh-CN', viewport: PHONE, colorScheme: 'dark' },
] as const)('the page of search narrows and leads there, in $locale', async ({ locale, viewport, colorScheme }) => {
  await settleOwner(house, locale);
  await using visitor = await Visitor.enter(browser, house, { viewport, colorScheme });
  const { page } = visitor;
  await page.goto(`${house.address}/search?q=gulls`);
  const link = page.getByRole('main').getByRole('listitem').getByRole('link').first();
  await link.waitFor();
  await page.getByRole('status').filter({ hasText: '1000' }).waitFor();
  await page.getByRole('main').getByRole('combobox').nth(1).selectOption('narrator');
  await link.waitFor({ state: 'detached' });
  await page.getByRole('main').getByRole('combobox').nth(1).selectOption('human');
  await link.waitFor();
  expect(await accessProblems(page)).toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBe(0);
  await link.click();
  await page.waitForURL(/\/c\/.*find=gulls/);
  await page.locator('main li[data-sought="true"]').waitFor();
  expect(await accessProblems(page)).toEqual([]);
  await settleOwner(house);
});

function row(page: Page, place: number) {
  return page.locator(`main li[aria-posinset="${place}"]`);
}

async function inView(page: Page, place: number): Promise<boolean> {
  return await row(page, place).evaluate((item) => {
    const frame = item.closest('section')!.getBoundingClientRect();
    const box = item.getBoundingClientRect();
    return box.top < frame.bottom && box.bottom > frame.top;
  });
}

async function wheelUntil(page: Page, step: number, isSo: () => Promise<boolean>): Promise<void> {
  await page.getByRole('region', { name: 'Messages' }).hover();
  while (!(await isSo())) {
    await page.mouse.wheel(0, step);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}
