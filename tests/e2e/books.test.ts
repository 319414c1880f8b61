import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { accessProblems } from './support/access-problems.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { settleOwner } from './support/talk.ts';
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

const saved = (page: Page) => page.getByRole('status').getByText('Saved', { exact: true }).waitFor();

async function addEntry(page: Page, { title, key, content }: { title: string; key: string; content: string }) {
  await page
    .getByRole('button', { name: 'New entry' })
    .or(page.getByRole('button', { name: 'Write the first entry' }))
    .first()
    .click();
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Keys', { exact: true }).fill(`${key},`);
  await page.getByRole('button', { name: `Remove ${key}` }).waitFor();
  await page.getByLabel('Content', { exact: true }).fill(content);
  await saved(page);
  await page.getByRole('button', { name: 'Back to the entries' }).click();
}

test('a book is written, tried, attached to a character, and kept', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/books`);
  await page.getByRole('button', { name: 'New book' }).click();
  await page.waitForURL(/\/books\/[\w-]+$/);
  await addEntry(page, { title: 'The harbour', key: 'harbour', content: 'The harbour is older than the town.' });
  await addEntry(page, { title: '灯塔', key: '灯塔', content: '灯塔由 Mira 看守。' });

  const tester = page.getByRole('complementary', { name: 'Try it' });
  await tester.getByLabel('Say something').fill('Is the harbour far?');
  await tester.getByText('1 entry is called').waitFor();
  await tester
    .getByRole('button', { name: /^The harbour/ })
    .getByText('by “harbour”')
    .waitFor();
  await expect.poll(() => tester.locator('mark').allTextContents()).toEqual(['harbour']);
  await tester.getByLabel('Say something').fill('我在灯塔等你，harbour!');
  await tester.getByText('2 entries are called').waitFor();
  expect(await accessProblems(page, { bestPractices: true })).toEqual([]);

  // What is edited changes what is called.
  await page.getByRole('switch', { name: 'The harbour is on' }).click({ force: true });
  await tester.getByText('1 entry is called').waitFor();

  await page.getByText('Book', { exact: true }).click();
  await page.getByLabel('Name', { exact: true }).fill('The north shore');
  await saved(page);
  await page.getByRole('button', { name: 'Attach to…' }).click();
  await page.getByRole('dialog').getByRole('searchbox').fill('Mira');
  await page.getByRole('dialog').getByRole('button', { name: /Mira/ }).first().click();
  await page.getByRole('button', { name: 'Take off Mira' }).waitFor();
  expect(await accessProblems(page, { bestPractices: true })).toEqual([]);

  await page.goto(`${house.address}/books`);
  await page
    .getByRole('link', { name: /The north shore/ })
    .getByText('Mira')
    .waitFor();
  await page.goto(`${house.address}/characters/starter-mira`);
  await page.getByRole('link', { name: 'The north shore' }).waitFor();
});

test('a world of SillyTavern moves in on a phone, and out again', async () => {
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE, hasTouch: true, isMobile: true });
  const { page } = visitor;
  const world = {
    entries: {
      '3': {
        uid: 3,
        key: ['storm'],
        keysecondary: [],
        comment: 'Storms',
        content: 'Storms come from the west.',
        order: 7,
        extra: 'kept',
      },
    },
  };
  await page.goto(`${house.address}/books`);
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import' }).click();
  const buffer = Buffer.from(JSON.stringify(world));
  await (await choosing).setFiles({ name: 'Weather.json', mimeType: 'application/json', buffer });
  await page.waitForURL(/\/books\/[\w-]+$/);
  await page.getByRole('heading', { level: 1, name: 'Weather' }).waitFor();
  expect(await accessProblems(page, { bestPractices: true })).toEqual([]);
  await page.getByText('Try it', { exact: true }).click();
  await page.getByLabel('Say something').fill('A storm?');
  await page.getByText('1 entry is called').waitFor();
  await page
    .getByRole('complementary')
    .getByRole('button', { name: /^Storms/ })
    .click();
  await page.getByRole('heading', { level: 2, name: 'Storms' }).waitFor();
  expect(await accessProblems(page, { bestPractices: true })).toEqual([]);
  await page.getByRole('button', { name: 'More for Weather' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Export for SillyTavern' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('Weather.json');
  const file: unknown = JSON.parse(await readFile(await download.path(), 'utf8'));
  expect(file).toMatchObject({ entries: { '3': { key: ['storm'], order: 7, extra: 'kept' } } });
});
