import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sillyTavernFolder, writeFolder } from '../integration/support/silly-tavern-folder.ts';
import { launchBrowser } from '../support/browser.ts';
import { accessProblems } from './support/access-problems.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { settleOwner } from './support/talk.ts';
import { PHONE, Visitor } from './support/visitor.ts';

let browser: Browser;
let house: HouseProcess;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-moving-'));
  await writeFolder(sillyTavernFolder({ characters: 2, chatsPerCharacter: 2, messagesPerChat: 6 }), folder);
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script: playScript })]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('a SillyTavern folder moves in on a phone: chosen, looked through, taken in, opened, saved again', async () => {
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE, acceptDownloads: true });
  const { page } = visitor;
  await page.goto(`${house.address}/settings/data`);
  await page.getByRole('link', { name: 'Move in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Move in' }).waitFor();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await (await choosing).setFiles(folder);

  await page.getByRole('heading', { name: 'What was found' }).waitFor();
  await page.getByText('3 new').first().waitFor();
  await page.getByText('API keys of the other program are not read').waitFor();
  await page.getByText('Show them').click();
  await page.getByText('Line 4: It cannot be read').waitFor();
  expect(await accessProblems(page, { bestPractices: true })).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);

  await page.getByRole('button', { name: /^Move \d+ in$/ }).click();
  await page.getByRole('heading', { name: 'Moved in' }).waitFor();
  await page.getByText('Show them').waitFor();
  await page.getByRole('link', { name: 'The crew' }).click();
  await page.getByRole('article').getByText('All here?').waitFor();
  await page.getByText('Stranger').first().waitFor();

  await page.getByRole('button', { name: 'Conversation menu' }).click();
  await page.getByRole('menuitem', { name: 'Save as a file' }).click();
  await page.getByRole('radio', { name: 'Markdown' }).check();
  const saving = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Save' }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('The crew.md');
  expect(await readFile(await saved.path(), 'utf8')).toContain('All here?');

  await page.goto(`${house.address}/moving`);
  await page.getByRole('button', { name: 'Move more in' }).click();
  const again = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await (await again).setFiles(folder);
  await page.getByRole('button', { name: 'Nothing new to move in' }).waitFor();
});
