import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { settleOwner, Talk } from './support/talk.ts';
import { PHONE, Visitor } from './support/visitor.ts';

const CARDS = [
  { name: 'Captain Juno', description: 'Sails between foggy islands.', tags: ['sea'] },
  { name: 'Old Tomas', description: 'Repairs clocks.', tags: ['craft'] },
  { name: '王小雨', description: '在北京的咖啡店打工。', tags: ['校园'] },
  {
    name: 'Vera',
    description: '{{char}} writes letters to {{user}}.',
    first_mes: 'First of all.',
    alternate_greetings: ['Second thoughts, {{user}}.'],
    creator_notes: 'Be patient with her.',
    character_book: { entries: [{ keys: ['letter'], content: 'She keeps them all.', comment: 'The letters' }] },
  },
];

let browser: Browser;
let house: HouseProcess;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script: playScript })]);
  await settleOwner(house);
  for (const data of CARDS) {
    const card = JSON.stringify({ spec: 'chara_card_v3', spec_version: '3.0', data });
    const body = { fileName: 'card.json', data: Buffer.from(card).toString('base64') };
    await house.owner.call('importCharacter', { body });
  }
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

const list = (page: Page) => page.getByRole('list', { name: 'Characters', exact: true });
const tile = (page: Page, name: string) => list(page).getByRole('link', { name: new RegExp(`^${name}`) });
const notices = (page: Page) => page.getByRole('region', { name: 'Notices' });

async function shows(page: Page, names: readonly string[]): Promise<void> {
  await page.getByText(`${names.length} character${names.length === 1 ? '' : 's'}`, { exact: true }).waitFor();
  for (const name of names) await tile(page, name).waitFor();
}

test('one finds, favours and files characters on a desktop, and the way back leads to the same list', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/characters`);
  await page.getByRole('button', { name: 'Yours', exact: true }).click();
  await shows(page, ['Captain Juno', 'Old Tomas', '王小雨', 'Vera']);

  const search = page.getByRole('searchbox', { name: 'Search characters' });
  await search.fill('咖啡');
  await shows(page, ['王小雨']);
  await search.fill('foggy');
  await shows(page, ['Captain Juno']);
  await search.fill('nobody like that');
  await page.getByText('Nobody answers to “nobody like that”').waitFor();
  await page.getByRole('button', { name: 'Clear the search' }).click();

  await tile(page, 'Vera').hover();
  await page.getByRole('button', { name: 'Favourite: Vera' }).click();
  await page.getByRole('button', { name: 'Favourites', exact: true }).click();
  await shows(page, ['Vera']);
  await tile(page, 'Vera').click();
  await page.getByRole('heading', { level: 1, name: 'Vera' }).waitFor();
  await expect
    .poll(() => page.getByRole('button', { name: 'Favourite: Vera' }).getAttribute('aria-pressed'))
    .toBe('true');
  await page.goBack();
  await shows(page, ['Vera']);
  await page.getByRole('button', { name: 'Show all', exact: true }).click();

  const shelves = page.getByRole('navigation', { name: 'Folders and tags' });
  await shelves.getByRole('button', { name: 'New folder' }).click();
  await page.getByRole('textbox', { name: 'Name of the folder' }).fill('Harbour');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: /^Harbour 0/ }).waitFor();
  await page.getByRole('button', { name: 'Yours', exact: true }).click();
  await shows(page, ['Captain Juno', 'Old Tomas', '王小雨', 'Vera']);
  await tile(page, 'Captain Juno').click({ modifiers: ['Shift'] });
  await tile(page, 'Vera').click({ modifiers: ['Shift'] });
  await page.getByText('3 selected', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Move to a folder' }).click();
  await page.getByRole('menuitem', { name: 'Harbour' }).click();
  await notices(page).getByText('3 characters moved.').waitFor();
  await page.getByRole('button', { name: /^Harbour 3/ }).click();
  await shows(page, ['Captain Juno', 'Old Tomas', 'Vera']);
});

test('many are deleted at once, and one Undo brings them back', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/characters?kind=mine`);
  await shows(page, ['Captain Juno', 'Old Tomas', '王小雨', 'Vera']);
  await page.getByRole('button', { name: 'Select several' }).click();
  await page.getByRole('button', { name: 'Select all' }).click();
  await page.getByText('4 selected', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Delete the selected' }).click();
  await notices(page).getByText('4 characters deleted.').waitFor();
  await page.getByText('Nobody of your own yet').waitFor();
  await notices(page).getByRole('button', { name: 'Undo' }).click();
  await shows(page, ['Captain Juno', 'Old Tomas', '王小雨', 'Vera']);
});

test('on a phone a held portrait begins the choice, and folders and tags come as a sheet', async () => {
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE, hasTouch: true, isMobile: true });
  const { page } = visitor;
  await page.goto(`${house.address}/characters?kind=mine`);
  await shows(page, ['Captain Juno', 'Old Tomas', '王小雨', 'Vera']);
  await hold(page, 'Old Tomas');
  await page.getByText('1 selected', { exact: true }).waitFor();
  await tile(page, 'Captain Juno').tap();
  await page.getByText('2 selected', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Tag the selected' }).tap();
  await page.getByRole('textbox', { name: 'Your tags' }).fill('read later，海');
  await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).tap();
  await notices(page).getByText('2 characters tagged.').waitFor();
  await page.getByRole('button', { name: 'Move to a folder' }).tap();
  await page.getByRole('menuitem', { name: 'New folder' }).tap();
  await page.getByRole('textbox', { name: 'Name of the folder' }).fill('Away');
  await page.getByRole('button', { name: 'Save' }).tap();
  await notices(page).getByText('2 characters moved.').waitFor();
  await page.getByRole('button', { name: 'Stop selecting' }).tap();
  await page.getByRole('button', { name: 'Folders and tags' }).tap();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^read later 2/ })
    .tap();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).tap();
  await shows(page, ['Captain Juno', 'Old Tomas']);
});

test('a character’s page tells what it holds behind tabs, and begins with the greeting one wants', async () => {
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE, hasTouch: true, isMobile: true });
  const { page } = visitor;
  await page.goto(`${house.address}/characters?search=vera`);
  await tile(page, 'Vera').tap();
  await page.getByText('Be patient with her.').waitFor();
  await page.getByText('Vera writes letters to Robin.').waitFor();
  await page.getByRole('tab', { name: 'Lore' }).tap();
  await page.getByText('The letters').tap();
  await page.getByText('She keeps them all.').waitFor();
  await page.getByRole('tab', { name: 'Talks' }).tap();
  await page.getByText('You have not talked yet.').waitFor();
  await page.getByRole('tab', { name: 'Talks' }).press('ArrowRight');
  await page.getByText('Version 1, the newest').waitFor();
  await page.getByRole('tab', { name: 'About' }).tap();
  await page.getByRole('button', { name: 'Next greeting' }).tap();
  await page.getByRole('button', { name: 'Begin like this' }).tap();
  await page.waitForURL(/\/c\//);
  await new Talk(page).settled('Vera', 'Second thoughts, Robin.');
});

/** A finger that stays where it is. */
async function hold(page: Page, name: string): Promise<void> {
  await tile(page, name).evaluate((element) => {
    const { x, y } = element.getBoundingClientRect();
    const options = { pointerType: 'touch', clientX: x + 20, clientY: y + 20, bubbles: true };
    element.dispatchEvent(new PointerEvent('pointerdown', options));
  });
  await page.getByText('1 selected', { exact: true }).waitFor();
  await tile(page, name).dispatchEvent('pointerup', { pointerType: 'touch' });
}
