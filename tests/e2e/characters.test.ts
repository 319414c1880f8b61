import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { cardPicture, pngPicture } from './support/pictures.ts';
import { playScript } from './support/scripts.ts';
import { settleOwner, Talk } from './support/talk.ts';
import { Visitor } from './support/visitor.ts';

const CARD = {
  name: 'Captain Juno',
  description: '{{char}} sails the *Patience* and has never once been on time.',
  personality: 'dry, generous',
  scenario: 'The deck, at dusk.',
  first_mes: '*She does not look up from the chart.* You are early, {{user}}. Suspicious.',
  mes_example: '<START>\n{{user}}: Where to?\n{{char}}: Where the wind is polite.',
  creator_notes: 'Made for a test.',
  system_prompt: '',
  post_history_instructions: '',
  alternate_greetings: ['Mind the rope, {{user}}.'],
  tags: ['sea'],
  creator: 'Somebody',
  character_version: '1.0',
  extensions: {},
};

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

test('a character made with the form, picture and all, speaks its greeting and answers', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/characters`);
  await page.getByRole('link', { name: 'New character', exact: true }).last().click();
  const create = page.getByRole('button', { name: 'Create and talk' });
  await page.getByRole('textbox', { name: 'Name' }).fill('Ferryman Otto');
  await page.getByRole('textbox', { name: 'In one line' }).fill('Knows every bend of the river');
  await page.getByRole('textbox', { name: 'Description' }).fill('Otto has rowed people across for forty years.');
  await page.getByRole('textbox', { name: 'Personality' }).fill('slow, kind');
  await page.getByRole('textbox', { name: 'Greeting' }).fill('*He holds the boat still.* Step in, {{user}}.');

  await choosePicture(page, { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('not a picture') });
  await page.getByRole('alert').getByText('This is not a PNG, JPEG, WebP or GIF picture.').waitFor();
  await choosePicture(page, { name: 'otto.png', mimeType: 'image/png', buffer: pngPicture([200, 90, 40]) });
  await page.getByText('Whole picture').click();
  await page.getByRole('button', { name: 'Use this part' }).click();
  await page.getByRole('button', { name: 'Remove the picture' }).waitFor();
  await create.click();

  await page.waitForURL(/\/c\//);
  const talk = new Talk(page);
  await talk.settled('Ferryman Otto', 'He holds the boat still. Step in, Robin.');
  await talk.say('Good evening, Otto');
  await talk.settled('Ferryman Otto', 'Good evening, Otto');
  await page.goto(`${house.address}/characters`);
  const tile = page
    .getByRole('main')
    .getByRole('link', { name: /^Ferryman Otto/ })
    .first();
  expect(await pictureWidth(tile.locator('img'))).toBe(96);
});

test('a V2 card picture moves in through the file chooser and talks', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/characters`);
  await page.getByRole('button', { name: 'Import a card' }).click();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  await (await choosing).setFiles({ name: 'juno.png', mimeType: 'image/png', buffer: cardPicture(CARD) });
  await page.waitForURL(/\/characters\/[\w-]+$/);
  await page.getByRole('heading', { level: 1, name: 'Captain Juno' }).waitFor();
  expect(await pictureWidth(page.getByRole('banner').or(page.locator('header')).locator('img').first())).toBe(96);
  await page.getByRole('button', { name: 'Talk with Captain Juno' }).click();
  await page.waitForURL(/\/c\//);
  const talk = new Talk(page);
  const greeting = await talk.settled('Captain Juno', 'You are early, Robin. Suspicious.');
  await greeting.getByText('1 / 2', { exact: true }).waitFor();
  await greeting.getByRole('button', { name: 'Next version' }).click();
  await talk.settled('Captain Juno', 'Mind the rope, Robin.');
  await talk.say('Where to, captain?');
  await talk.settled('Captain Juno', 'Where to, captain?');
});

async function choosePicture(page: Page, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /^(Choose a|Change the) picture$/ }).click();
  await (await choosing).setFiles(file);
}

async function pictureWidth(picture: ReturnType<Page['locator']>): Promise<number> {
  return await picture.evaluate(async (element) => {
    if (!(element instanceof HTMLImageElement)) throw new Error('This is not a picture.');
    await element.decode();
    return element.naturalWidth;
  });
}
