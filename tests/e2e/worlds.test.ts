import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { accessProblems } from './support/access-problems.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { settleOwner, Talk } from './support/talk.ts';
import { DESKTOP, PHONE, Visitor } from './support/visitor.ts';

let browser: Browser;
let house: HouseProcess;

beforeAll(async () => {
  [browser, house] = await Promise.all([
    launchBrowser(),
    HouseProcess.start({ script: { ...playScript, fallback: true } }),
  ]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

const dialog = (page: Page) => page.getByRole('dialog').last();

async function addPlace(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a place' }).click();
  await dialog(page).getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: `Edit ${name}` }).waitFor();
}

test('somebody makes a world, begins there, moves the scene, and takes what was said for true', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/worlds`);
  await page.getByRole('button', { name: 'New world' }).click();
  await dialog(page).getByRole('textbox', { name: 'Name' }).fill('The Grey Coast');
  await dialog(page).getByRole('button', { name: 'Create world' }).click();
  await page.getByRole('heading', { level: 1, name: 'The Grey Coast' }).waitFor();
  await addPlace(page, 'The Lamp');
  await addPlace(page, 'The Long Pier');
  const world = page.url();

  await page.getByRole('button', { name: 'Begin a conversation here' }).click();
  await dialog(page).getByRole('combobox', { name: 'Where' }).selectOption({ label: 'The Lamp' });
  await dialog(page).getByRole('button', { name: 'Begin', exact: true }).click();
  await page.getByRole('button', { name: /^Scene: The Lamp/ }).click();
  await dialog(page).getByRole('combobox', { name: 'Where' }).selectOption({ label: 'The Long Pier' });
  await dialog(page).getByRole('button', { name: 'Start a clock' }).click();
  await dialog(page).getByRole('button', { name: 'Move the scene' }).click();
  await page.getByRole('button', { name: /^Scene: The Long Pier · Day 1, 08:00/ }).waitFor();
  const talk = new Talk(page);
  await talk.say('The Long Pier burned down in the storm.');
  // Its echo is the reply.
  await talk.messages().filter({ hasText: 'burned down' }).nth(1).and(page.locator('[aria-busy=false]')).waitFor();

  await page.goto(world);
  await page.getByRole('button', { name: 'Look now' }).click();
  const proposals = page.getByRole('region', { name: 'Proposals from talk' });
  await proposals.getByRole('checkbox', { name: 'The Long Pier burned down in the storm.' }).first().waitFor();
  await proposals.getByRole('button', { name: 'Accept', exact: true }).first().click();
  const facts = page.getByRole('region', { name: 'What is true here' });
  const remove = facts.getByRole('button', { name: 'Remove The Long Pier burned down in the storm.' });
  await remove.waitFor();

  // What was deleted by mistake comes back as it was.
  await remove.click();
  await remove.waitFor({ state: 'detached' });
  // Accepting it offered to undo as well: this is the notice of the deletion.
  const deleted = page.getByText('The fact was deleted').locator('..');
  await deleted.getByRole('button', { name: 'Undo' }).click();
  await remove.waitFor();
  await page.reload();
  await remove.waitFor();
});

test('a conversation begins in a world from the character’s page', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/characters/starter-mira`);
  await page.getByRole('button', { name: 'Talk in a world' }).click();
  await dialog(page).getByRole('combobox', { name: 'World' }).selectOption({ label: 'The Grey Coast' });
  await dialog(page).getByRole('combobox', { name: 'Where' }).selectOption({ label: 'The Lamp' });
  await dialog(page).getByRole('button', { name: 'Begin', exact: true }).click();
  await page.getByRole('button', { name: /^Scene: The Lamp/ }).waitFor();
});

test('a phone shows worlds and the way to them', async () => {
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE, hasTouch: true });
  const { page } = visitor;
  await page.goto(house.address);
  await page.getByRole('link', { name: 'Worlds' }).click();
  await page.getByRole('link', { name: /^The Grey Coast/ }).click();
  await page.getByRole('img', { name: /^Map of the places/ }).waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test.each([
  { locale: 'en', colorScheme: 'dark', viewport: DESKTOP },
  { locale: 'zh-CN', colorScheme: 'light', viewport: PHONE },
] as const)('worlds are accessible to all in $locale, $colorScheme', async ({ locale, colorScheme, viewport }) => {
  await house.owner.call('updateMe', { body: { locale } });
  const { worlds } = await house.owner.call('worlds');
  const look = { locale, colorScheme, viewport } as const;
  await using visitor = await Visitor.enter(browser, house, look);
  const { page } = visitor;
  const problems: string[] = [];
  for (const path of ['/worlds', `/worlds/${worlds[0]?.id}`]) {
    await page.goto(house.address + path);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForFunction(() => document.querySelector('.mantine-Loader-root, [aria-busy=true]') === null);
    problems.push(...(await accessProblems(page)).map((problem) => `${path} ${problem}`));
  }
  await house.owner.call('updateMe', { body: { locale: 'en' } });
  expect(problems.join('\n')).toBe('');
});
