/// <reference types="node" />
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../integration/support/until.ts';
import { launchBrowser } from '../support/browser.ts';
import { accessProblems } from './support/access-problems.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { DESKTOP, PHONE, Visitor } from './support/visitor.ts';

const VIEWS = ['', '?view=timeline', '?view=list', '?view=diary', '?view=dates', '?view=settings', '?search=carpenter'];
const LOOKS = [
  { locale: 'en', colorScheme: 'light', viewport: DESKTOP },
  { locale: 'zh-CN', colorScheme: 'dark', viewport: PHONE },
] as const;

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

const MIRA = 'starter-mira';
const params = { id: MIRA };
const toasts = (page: Page) => page.getByRole('region', { name: 'Notices' });
const fact = (page: Page, text: string) => page.getByRole('article', { name: text, exact: true });
const factTexts = async (query: Record<string, string> = {}) =>
  (await house.owner.call('memoryFacts', { params, query })).facts.map(({ text }) => text);

async function openMemory(page: Page, search = ''): Promise<void> {
  await page.goto(`${house.address}/characters/${MIRA}/memory${search}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

async function chooseOf(page: Page, text: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `More about: ${text}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function undo(page: Page, told: string): Promise<void> {
  await toasts(page).getByText(told).waitFor();
  await toasts(page).getByRole('button', { name: 'Undo' }).last().click();
}

test('a person reads what is known, corrects it and takes that back, pins and forgets', async () => {
  await house.owner.call('addMemoryFact', { params, body: { about: 'user', text: 'Robin is a carpenter.' } });
  await house.owner.call('addMemoryFact', { params, body: { about: 'place', text: 'The workshop is in Porto.' } });
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/characters/${MIRA}`);
  await page.getByRole('link', { name: 'Memory', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'What Mira remembers' }).waitFor();
  await page.getByRole('heading', { level: 2, name: 'Places' }).waitFor();

  await chooseOf(page, 'Robin is a carpenter.', 'Correct');
  await page.getByRole('textbox', { name: 'How it really is' }).fill('Robin is a boatbuilder.');
  await page.getByRole('button', { name: 'Save' }).click();
  await fact(page, 'Robin is a boatbuilder.').waitFor();
  await undo(page, 'Corrected');
  await fact(page, 'Robin is a carpenter.').waitFor();
  await fact(page, 'Robin is a boatbuilder.').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Keep in mind always: Robin is a carpenter.' }).click();
  await page.getByRole('button', { name: 'Keep in mind always: Robin is a carpenter.', pressed: true }).waitFor();
  await expect.poll(() => factTexts({ state: 'pinned' })).toEqual(['Robin is a carpenter.']);
  await undo(page, 'Kept in mind in every reply');
  await page.getByRole('button', { name: 'Keep in mind always: Robin is a carpenter.', pressed: false }).waitFor();

  await chooseOf(page, 'The workshop is in Porto.', 'Forget');
  await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
  await fact(page, 'The workshop is in Porto.').waitFor({ state: 'detached' });
  await expect.poll(() => factTexts()).not.toContain('The workshop is in Porto.');
});

test('a person tells something, writes in the diary, keeps a date and makes a rule', async () => {
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE, hasTouch: true });
  const { page } = visitor;
  await openMemory(page);
  await page.getByRole('button', { name: 'Tell Mira something' }).click();
  await page.getByRole('textbox', { name: 'What should be remembered?' }).fill('Robin plays the cello.');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await fact(page, 'Robin plays the cello.').waitFor();

  await page.getByRole('link', { name: 'Diary' }).click();
  await page.getByRole('button', { name: 'Write a page' }).click();
  await page.getByRole('textbox', { name: /^A new page/ }).fill('The lamp was steady all night.');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The lamp was steady all night.').waitFor();

  await page.getByRole('link', { name: 'Promises and dates' }).click();
  await page.getByRole('button', { name: 'Add a date' }).click();
  await page.getByRole('textbox', { name: 'What is it?' }).fill('The concert');
  await page.getByLabel('Day', { exact: true }).fill('2031-05-03');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await fact(page, 'The concert').getByText('May 3, 2031').waitFor();
  await chooseOf(page, 'The concert', 'It was kept');
  await page.getByRole('heading', { name: 'Kept and let go' }).waitFor();

  await page.getByRole('link', { name: 'Settings', exact: true }).first().click();
  await page.getByRole('textbox', { name: 'Words never to be remembered' }).fill('the old boathouse');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Remove the rule “the old boathouse”' }).waitFor();
  await page.getByRole('switch', { name: /^Pause memory/ }).check({ force: true });
  await page.getByText('Nothing new is being remembered.').waitFor();
  await undo(page, 'Mira remembers nothing new');
  await until('memory goes on', async () => !(await house.owner.call('memorySettings', { params })).paused);
});

test('a reply says what it remembered; its source opens there, in its conversation, and is forgotten', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const first = await Talk.open(page, house, await beginTalk(house));
  await first.say('My sister Ottilie keeps seventeen goats in Trondheim.');
  await first.settled('Mira', 'seventeen goats');
  const second = await Talk.open(page, house, await beginTalk(house));
  await second.say('How many goats did I say Ottilie has?');
  await second.settled('Mira', 'How many goats');
  await page.getByRole('button', { name: 'Why this reply?' }).last().click();
  const remembered = page.getByRole('region', { name: 'Remembered' });
  const used = remembered.getByRole('article').filter({ hasText: 'seventeen goats' }).filter({ hasText: 'Robin' });
  await used.getByText('Words', { exact: true }).waitFor();
  await used.getByRole('button', { name: 'Show the source' }).click();
  await used.getByRole('link', { name: 'Show in the conversation' }).click();
  await page.locator('[data-sought=true]').getByText('seventeen goats').waitFor();

  const said = first.messages('You').filter({ hasText: 'seventeen goats' });
  await said.hover();
  await said.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Forget this message' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
  await toasts(page).getByText('Forgotten; the message stays where it was said').waitFor();
  const { found } = await house.owner.call('memorySearch', { params, query: { query: 'Ottilie Trondheim' } });
  expect(found.filter(({ speaker }) => speaker === 'Robin').map(({ text }) => text)).not.toContain(
    'My sister Ottilie keeps seventeen goats in Trondheim.',
  );
});

test('a conversation is made private from its menu, and says so in its head', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const id = await beginTalk(house);
  await Talk.open(page, house, id);
  await page.getByRole('button', { name: 'Conversation menu' }).click();
  await page.getByRole('menuitem', { name: 'Memory' }).click();
  await page.getByRole('radio', { name: /^Private/ }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Private', exact: true }).waitFor();
  await expect.poll(async () => (await house.owner.call('conversation', { params: { id } })).memory).toBe('private');
});

test.each(LOOKS)('every view is accessible to all in $locale, $colorScheme, $viewport.width px wide', async (look) => {
  await house.owner.call('updateMe', { body: { locale: look.locale } });
  await using visitor = await Visitor.enter(browser, house, look);
  const { page } = visitor;
  const problems: string[] = [];
  for (const view of VIEWS) {
    await openMemory(page, view);
    await page.waitForFunction(() => document.querySelector('main [aria-busy=true]') === null);
    problems.push(...(await accessProblems(page)).map((problem) => `${view} ${problem}`));
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    if (sideways) problems.push(`${view} scrolls sideways`);
  }
  expect(problems.join('\n')).toBe('');
});
