import type { Browser } from 'playwright-core';
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

test('a set is made from the box of a conversation; its buttons insert, or send at once', async () => {
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE, hasTouch: true });
  const { page } = visitor;
  const talk = await Talk.open(page, house, await beginTalk(house));
  await page.getByRole('button', { name: 'Files and help with writing' }).tap();
  await page.getByRole('menuitem', { name: 'Quick replies' }).tap();
  await page.getByRole('button', { name: 'New set' }).tap();
  const sheet = page.getByRole('dialog', { name: 'New set' });
  await sheet.getByRole('textbox', { name: 'Name of the set' }).fill('Travel');
  await sheet.getByRole('combobox', { name: 'Shown' }).selectOption('In this conversation');
  await sheet.getByRole('textbox', { name: 'Label' }).fill('Wait');
  await sheet.getByRole('textbox', { name: 'Words' }).fill('I wait a while.');
  expect(await accessProblems(page)).toEqual([]);
  await sheet.getByRole('button', { name: 'Save' }).tap();
  await page.getByText('1 button · in one conversation').waitFor();
  await page.keyboard.press('Escape');
  const bar = page.getByRole('group', { name: 'Quick replies' });
  await bar.getByRole('button', { name: 'Wait' }).tap();
  expect(await talk.box.inputValue()).toBe('I wait a while.');
  expect(await accessProblems(page)).toEqual([]);

  const { sets } = await house.owner.call('quickReplySets');
  const [kept] = sets;
  if (!kept) throw new Error('The set that was saved is not there.');
  const { id, createdAt: _made, updatedAt: _saved, ...set } = kept;
  const replies = set.replies.map((reply) => ({ ...reply, send: true }));
  await house.owner.call('saveQuickReplySet', { params: { id }, body: { ...set, name: 'Travel', replies } });
  await talk.box.fill('');
  await page.reload();
  await bar.getByRole('button', { name: 'Wait' }).tap();
  await talk.settled('Mira', 'I wait a while.');
});

test('a draft, and an edit that was begun, are there after a reload; the list marks the draft', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const talk = await Talk.open(page, house, await beginTalk(house));
  await talk.say('First');
  await talk.settled('Mira', 'First');
  await talk.box.press('Control+ArrowUp');
  const editor = page.getByRole('textbox', { name: 'Edit the message' });
  await editor.fill('First, but better');
  await talk.box.fill('half a thought');
  await page.getByText('Draft: half a thought').waitFor();
  await page.reload();
  await editor.waitFor();
  await expect.poll(() => editor.inputValue()).toBe('First, but better');
  await expect.poll(() => talk.box.inputValue()).toBe('half a thought');
});
