import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { accessProblems } from './support/access-problems.ts';
import { HouseProcess } from './support/house-process.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { PHONE, Visitor } from './support/visitor.ts';

let browser: Browser;
let house: HouseProcess;

const WRITTEN = 'I would rather stay here with you.';

const suggestions = {
  type: 'tokens' as const,
  tokens: ['{"suggestions":["Tell me more.","Shall we go?","I am tired."]}'],
};

beforeAll(async () => {
  [browser, house] = await Promise.all([
    launchBrowser(),
    HouseProcess.start({
      script: {
        label: 'Scripted model',
        rules: [
          { when: { contains: '{"suggestions"' }, steps: [suggestions] },
          {
            when: { contains: 'Write the next message' },
            steps: [{ type: 'tokens', tokens: WRITTEN.split(/(?= )/), delayInMs: 20 }],
          },
          {
            when: { contains: '的下一条消息' },
            steps: [{ type: 'tokens', tokens: ['我想', '留下来。'] }],
          },
        ],
        otherwise: 'echo',
      },
    }),
  ]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

test('a slash lists what can be done; the keyboard chooses, and it is done', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const id = await beginTalk(house);
  const talk = await Talk.open(page, house, id);
  await talk.box.fill('/');
  await page.getByRole('listbox', { name: 'Commands' }).waitFor();
  expect(await accessProblems(page)).toEqual([]);
  await page.keyboard.type('tit');
  await page.getByRole('option', { name: /^\/title/, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('By the sea');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await house.owner.call('conversation', { params: { id } })).title).toBe('By the sea');

  await talk.box.fill('/memory perhaps');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'Write on, paused or private.' }).waitFor();
  await talk.box.fill('/memory pause');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await house.owner.call('conversation', { params: { id } })).memory).toBe('paused');

  await talk.box.fill('/dance with me');
  await page.getByText('There is no command /dance: this will be sent as text.').waitFor();
  await page.keyboard.press('Enter');
  await talk.settled('Mira', '/dance with me');
  await talk.box.fill('/regenerate');
  await page.keyboard.press('Enter');
  await (await talk.settled('Mira', '/dance')).getByText('2 / 2', { exact: true }).waitFor();
});

test('the next message is written into the box, can be taken back, and is sent only by the person', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const talk = await Talk.open(page, house, await beginTalk(house));
  await talk.box.fill('No,');
  await page.getByRole('button', { name: 'Help with writing' }).click();
  await page.getByRole('menuitem', { name: 'Write my next message' }).click();
  await page.getByText('Written for you. Change it as you like.').waitFor();
  await expect.poll(() => talk.box.inputValue()).toBe(WRITTEN);
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await talk.box.inputValue()).toBe('No,');
  expect(await talk.messages('You').count()).toBe(0);

  await talk.box.fill('');
  await page.getByRole('button', { name: 'Help with writing' }).click();
  await page.getByRole('menuitem', { name: 'Three things to say' }).click();
  await page.getByRole('button', { name: 'Shall we go?' }).waitFor();
  expect(await accessProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Shall we go?' }).click();
  expect(await talk.box.inputValue()).toBe('Shall we go?');
  await page.keyboard.press('Enter');
  await talk.settled('Mira', 'Shall we go?');
  await page.getByRole('group', { name: 'Things you could say' }).waitFor({ state: 'detached' });
});

test('on a phone in Chinese: commands by finger, and writing from the one menu', async () => {
  await settleOwner(house, 'zh-CN');
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE, hasTouch: true, locale: 'zh-CN' });
  const { page } = visitor;
  const id = await beginTalk(house);
  await page.goto(`${house.address}/c/${id}`);
  const box = page.getByRole('textbox', { name: /^写给/ });
  await box.waitFor();
  await page.getByRole('button', { name: '文件与帮写' }).tap();
  await page.getByRole('menuitem', { name: '命令' }).tap();
  const list = page.getByRole('listbox', { name: '命令' });
  await list.waitFor();
  expect(await accessProblems(page)).toEqual([]);
  const { width } = (await list.boundingBox()) ?? { width: 0 };
  expect(width).toBeLessThanOrEqual(PHONE.width);
  await page.getByRole('option', { name: /^\/标题/ }).tap();
  expect(await box.inputValue()).toBe('/标题 ');
  await page.keyboard.type('海边');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await house.owner.call('conversation', { params: { id } })).title).toBe('海边');
});

test('keys can be changed, and none works while they are off', async () => {
  await settleOwner(house);
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/settings/keyboard`);
  await page.getByRole('button', { name: 'Change: Write the last reply again' }).click();
  const catcher = page.getByRole('textbox', { name: 'Press a key for: Write the last reply again' });
  await catcher.waitFor();
  await page.keyboard.press('Control+K');
  await page.getByRole('alert').filter({ hasText: 'Search' }).waitFor();
  await page.keyboard.press('Control+G');
  await catcher.waitFor({ state: 'detached' });
  expect(await accessProblems(page)).toEqual([]);

  const talk = await Talk.open(page, house, await beginTalk(house));
  await talk.say('Once more');
  await talk.settled('Mira', 'Once more');
  await talk.box.focus();
  await page.keyboard.press('Control+G');
  await (await talk.settled('Mira', 'Once more')).getByText('2 / 2', { exact: true }).waitFor();

  await house.owner.call('updateMe', { body: { preferences: { shortcuts: false } } });
  await page.reload();
  await talk.box.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Control+ArrowUp');
  await page.getByText('2 / 2', { exact: true }).waitFor();
  expect(await page.getByRole('textbox', { name: 'Edit the message' }).count()).toBe(0);
  await house.owner.call('updateMe', { body: { preferences: { shortcuts: true, hotkeys: {} } } });
});
