import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { accessProblems } from './support/access-problems.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { PHONE, Visitor } from './support/visitor.ts';

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

/** A greeting and what somebody said after it, without replies. */
async function seed(...lines: string[]): Promise<{ id: string; messages: { id: string }[] }> {
  const id = await beginTalk(house);
  for (const [index, text] of lines.entries()) {
    await house.owner.call('sendMessage', {
      params: { id },
      body: { text, clientId: `${id.slice(0, 90)}-${index}`, reply: false },
    });
  }
  const { messages } = await house.owner.call('messages', { params: { id } });
  return { id, messages };
}

/** A fork after the first line: “Line two” goes on to “Line three”, the path runs through “Another way”. */
async function seedFork(): Promise<{ id: string; messages: { id: string }[] }> {
  const { id, messages } = await seed('Line one', 'Line two goes this way', 'Line three');
  const [, first] = messages;
  await house.owner.call('chooseMessage', { params: { id }, body: { messageId: first?.id ?? '', endHere: true } });
  await house.owner.call('sendMessage', {
    params: { id },
    body: { text: 'Line two goes that way', clientId: `${id.slice(0, 90)}-fork`, reply: false },
  });
  return { id, messages };
}

const menuOf = async (page: Page, words: string) => {
  const row = page.getByRole('article').filter({ hasText: words });
  await row.hover();
  await row.getByRole('button', { name: /^(More|更多)$/ }).click();
};

test('a branch begins at any message, and undo goes back to where one was', async () => {
  const { id } = await seed('Line one', 'Line two', 'Line three');
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const talk = await Talk.open(page, house, id);
  await menuOf(page, 'Line one');
  await page.getByRole('menuitem', { name: 'Branch here' }).click();
  await page.getByRole('article').filter({ hasText: 'Line three' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('article').filter({ hasText: 'Line three' }).waitFor();
  await menuOf(page, 'Line two');
  await page.getByRole('menuitem', { name: 'Keep as a checkpoint' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('At the quay');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Kept. You find it among the branches.').waitFor();
  await menuOf(page, 'Line two');
  await page.getByRole('menuitem', { name: 'New conversation from here' }).click();
  await page.getByText('This is a conversation of its own now.').waitFor();
  expect(page.url()).not.toContain(id);
  await page.getByRole('article').filter({ hasText: 'Line two' }).waitFor();
  expect(await talk.messages().filter({ hasText: 'Line three' }).count()).toBe(0);
});

test('several messages are deleted together and come back together', async () => {
  const { id } = await seed('Line one', 'Line two', 'Line three');
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await Talk.open(page, house, id);
  await menuOf(page, 'Line two');
  await page.getByRole('menuitem', { name: 'Select messages' }).click();
  const bar = page.getByRole('region', { name: 'Selected messages' });
  await bar.getByText('1 message selected').waitFor();
  await bar.getByRole('button', { name: 'From here on' }).click();
  await bar.getByText('2 messages selected').waitFor();
  await bar.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('2 messages deleted').waitFor();
  await expect.poll(() => page.getByText('This message was deleted.').count()).toBe(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('article').filter({ hasText: 'Line three' }).waitFor();
  await page.getByRole('article').filter({ hasText: 'Line two' }).waitFor();
});

test('the map is walked by keyboard, says where one is, and goes on elsewhere', async () => {
  const { id } = await seedFork();
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/c/${id}/map`);
  const tree = page.getByRole('tree', { name: 'Map of branches' });
  await tree.getByRole('treeitem', { name: /Line two goes that way.*You are here/ }).waitFor({ state: 'attached' });
  await tree.focus();
  await page.keyboard.press('ArrowLeft');
  await tree.getByRole('treeitem', { name: /Line two goes this way/ }).waitFor({ state: 'attached' });
  expect(await accessProblems(page)).toEqual([]);
  await page.getByRole('link', { name: 'Compare with where you are' }).click();
  await page.getByRole('heading', { name: 'Two branches' }).waitFor();
  await expect.poll(() => page.locator('mark').allTextContents()).toEqual(['that', 'this']);
  expect(await accessProblems(page)).toEqual([]);
  await page.goBack();
  await page.getByRole('searchbox', { name: 'Find a name or words on any branch' }).fill('this way');
  await page.getByText('1 place', { exact: true }).waitFor();
  await tree.focus();
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('button', { name: 'Continue here' }).click();
  await page.getByRole('article').filter({ hasText: 'Line three' }).waitFor();
  expect(await page.getByRole('article').filter({ hasText: 'that way' }).count()).toBe(0);
});

test('on a phone, in Chinese and in the dark, branches are a list, and a finger swipes between versions', async () => {
  const { id } = await seedFork();
  await house.owner.call('updateMe', { body: { locale: 'zh-CN' } });
  try {
    await using visitor = await Visitor.enter(browser, house, {
      locale: 'zh-CN',
      viewport: PHONE,
      hasTouch: true,
      colorScheme: 'dark',
    });
    const { page } = visitor;
    await page.goto(`${house.address}/c/${id}/map`);
    const tree = page.getByRole('tree', { name: '分支地图' });
    await tree.getByRole('treeitem', { name: /Line two goes this way/ }).click();
    await page.getByRole('dialog', { name: '那里的内容' }).getByText('Line three').waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await page
      .getByRole('button', { name: '去这个分支' })
      .or(page.getByRole('button', { name: '从这里继续' }))
      .first()
      .click();
    await page.getByRole('article').filter({ hasText: 'Line three' }).waitFor();
    const row = page.getByRole('article').filter({ hasText: 'this way' });
    await row.evaluate((element) => {
      const at = (type: string, clientX: number) =>
        element.dispatchEvent(
          new PointerEvent(type, {
            bubbles: true,
            pointerType: 'touch',
            isPrimary: true,
            pointerId: 7,
            clientX,
            clientY: 300,
          }),
        );
      at('pointerdown', 300);
      at('pointermove', 240);
      at('pointerup', 200);
    });
    await page.getByRole('article').filter({ hasText: 'that way' }).waitFor();
  } finally {
    await house.owner.call('updateMe', { body: { locale: 'en' } });
  }
});
