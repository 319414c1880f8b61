import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCardFile } from '../../src/character/formats/read-card-file.ts';
import { launchBrowser } from '../support/browser.ts';
import { charxSeed, V3, V3_DATA } from '../support/card-seeds.ts';
import { HouseProcess } from './support/house-process.ts';
import { cardPicture, pngPicture } from './support/pictures.ts';
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

interface Dropped {
  name: string;
  type: string;
  bytes: Uint8Array;
}

/** Lets go of files over the page as a hand with a mouse does, or pastes them. */
async function give(page: Page, how: 'drop' | 'paste', files: readonly Dropped[]): Promise<void> {
  await page.evaluate(
    ({ how: kind, encoded }) => {
      const dataTransfer = new DataTransfer();
      for (const { base64, name, type } of encoded) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0) ?? 0);
        dataTransfer.items.add(new File([bytes], name, { type }));
      }
      const options = { bubbles: true, cancelable: true };
      if (kind === 'paste')
        document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: dataTransfer, ...options }));
      else
        for (const event of ['dragenter', 'dragover', 'drop'])
          document.body.dispatchEvent(new DragEvent(event, { dataTransfer, ...options }));
    },
    {
      how,
      encoded: files.map(({ name, type, bytes }) => ({ name, type, base64: Buffer.from(bytes).toString('base64') })),
    },
  );
}

async function pasteText(page: Page, text: string): Promise<void> {
  await page.evaluate((words) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', words);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

const png = (name: string): Dropped => ({
  name: `${name}.png`,
  type: 'image/png',
  bytes: cardPicture({ name, description: 'x', first_mes: `${name} is here.`, extensions: {} }),
});

test('several files come in at once; a broken one is named, one that is here already can be kept twice', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/characters`);
  await page.getByRole('button', { name: 'Import a card' }).waitFor();
  const holiday = { name: 'holiday.png', type: 'image/png', bytes: pngPicture([9, 9, 9]) };
  const list = { name: 'list.json', type: 'application/json', bytes: Buffer.from('{"milk": 2}') };
  const charx = { name: 'ada.charx', type: '', bytes: await charxSeed() };
  await give(page, 'drop', [png('Dora'), holiday, list, charx, png('Dora')]);
  const dialog = page.getByRole('dialog', { name: 'Bring characters in' });
  await dialog.getByText('2 characters moved in. One was here already. 2 files could not be read.').waitFor();
  const rows = dialog.getByRole('list', { name: 'What became of the files' }).getByRole('listitem');
  await rows.filter({ hasText: 'holiday.png' }).getByText('There is no character in it.').waitFor();
  await rows.filter({ hasText: 'list.json' }).getByText('It can be read, but it is not a character card.').waitFor();
  await dialog.getByText('“main” lies elsewhere on the internet.', { exact: false }).waitFor();
  await dialog.getByRole('button', { name: 'Keep both: Dora' }).click();
  await dialog.getByText('3 characters moved in. 2 files could not be read.').waitFor();
  await dialog.getByRole('link', { name: 'See Ada', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Ada', exact: true }).waitFor();
});

test('a pasted file and the pasted text of a card come in; other text does not', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/characters`);
  await page.getByRole('button', { name: 'Import a card' }).waitFor();
  await pasteText(page, 'just words');
  await give(page, 'paste', [png('Pasted Pia')]);
  await page.getByRole('heading', { level: 1, name: 'Pasted Pia' }).waitFor();
  await pasteText(page, JSON.stringify({ ...V3, data: { ...V3_DATA, name: 'Texty', nickname: '' } }));
  await page.getByRole('heading', { level: 1, name: 'Texty' }).waitFor();
});

test('a link into a private network is refused in words', async () => {
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE });
  const { page } = visitor;
  await page.goto(`${house.address}/characters`);
  await page.getByRole('button', { name: 'Import a card' }).click();
  const dialog = page.getByRole('dialog', { name: 'Bring characters in' });
  await dialog.getByRole('textbox', { name: 'Link to a file' }).fill(`${house.address}/ada.png`);
  await dialog.getByRole('button', { name: 'Fetch' }).click();
  await dialog.getByText('The link leads into a private network.', { exact: false }).waitFor();
});

test('an export says what it loses, is saved under the character’s name, and comes in again', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/characters`);
  await page.getByRole('button', { name: 'Import a card' }).waitFor();
  const card = { ...V3, data: { ...V3_DATA, name: '北京 Bei', nickname: '' } };
  await pasteText(page, JSON.stringify(card));
  await page.getByRole('heading', { level: 1, name: '北京 Bei' }).waitFor();
  await page.getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export 北京 Bei' });
  await dialog.getByText('Nothing is lost.').waitFor();
  await dialog.getByRole('radio', { name: 'Picture (PNG, V2)' }).check();
  await dialog.getByText('the decorators of one lore entry are left out').waitFor();
  await dialog.getByRole('radio', { name: 'Picture (PNG, V3)' }).check();
  const saving = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save the file' }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe('北京 Bei.png');
  const bytes = await readFile(await download.path());
  const file = await readCardFile(bytes, 'x');
  expect(file.card.data).toMatchObject({ ...card.data, modification_date: expect.any(Number) as number });
  await give(page, 'drop', [{ name: 'again.png', type: 'image/png', bytes }]);
  await page.getByText('One was here already.').waitFor();
});

test('a starter’s drawing becomes the picture of its PNG', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/characters/starter-mira`);
  await page.getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog', { name: /^Export/ });
  await dialog.getByRole('radio', { name: 'Picture (PNG, V2)' }).check();
  await dialog.getByText('the portrait becomes a PNG').waitFor();
  const saving = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save the file' }).click();
  const file = await readCardFile(await readFile(await (await saving).path()), 'x');
  expect(file.picture!.length).toBeGreaterThan(20_000);
});
