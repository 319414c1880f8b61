import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { accessProblems } from './support/access-problems.ts';
import { HouseProcess } from './support/house-process.ts';
import { pngPicture } from './support/pictures.ts';
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

/** A character with two faces and a background, whose greeting has three passages. */
async function beginNovel(): Promise<string> {
  const address = (colour: readonly [number, number, number]) =>
    `data:image/png;base64,${pngPicture(colour).toString('base64')}`;
  const made = await house.owner.call('createCharacter', {
    body: {
      name: 'Odile',
      greeting: '*She smiles.* Come in, the kettle is on.\n\n*Tears come; she sobs.* He is gone.\n\nSit down.',
      picture: address([90, 90, 140]),
    },
  });
  const { id } = made;
  let { versionId } = made;
  for (const [type, name, colour] of [
    ['emotion', 'joy', [230, 180, 60]],
    ['emotion', 'sadness', [60, 90, 180]],
    ['background', 'main', [40, 60, 50]],
  ] as const) {
    const after = await house.owner.call('addPicture', {
      params: { id },
      body: { type, name, data: address(colour), expectedVersionId: versionId },
    });
    versionId = after.versionId;
  }
  return (await house.owner.call('createConversation', { body: { characterId: id } })).id;
}

test.each([
  ['phone', PHONE],
  ['desktop', undefined],
] as const)('a visual novel shows one passage and the face that suits it; %s', async (_where, viewport) => {
  const id = await beginNovel();
  const colorScheme = viewport === undefined ? 'dark' : 'light';
  await using visitor = await Visitor.enter(browser, house, { colorScheme, ...(viewport && { viewport }) });
  const { page } = visitor;
  const talk = await Talk.open(page, house, id);
  await page.getByRole('button', { name: 'Conversation menu' }).click();
  await page.getByRole('menuitem', { name: 'Look', exact: true }).click();
  await page.getByRole('radio', { name: 'Visual novel' }).check();
  expect(await accessProblems(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();

  const box = page.getByRole('region', { name: 'What is said' });
  await box.getByText('Come in, the kettle is on.').waitFor();
  await page.getByRole('img', { name: 'Odile, joy' }).waitFor();
  expect(await accessProblems(page)).toEqual([]);
  expect(await box.getByText('He is gone.').count()).toBe(0);
  await box.focus();
  await page.keyboard.press('ArrowRight');
  await box.getByText('He is gone.').waitFor();
  await page.getByRole('img', { name: 'Odile, sadness' }).waitFor();
  await box.getByRole('button', { name: 'Next passage' }).click();
  await box.getByText('Sit down.').waitFor();
  await box.getByRole('button', { name: 'Back a passage' }).click();
  await box.getByText('He is gone.').waitFor();

  // What one says takes one along to the answer.
  await talk.say('Tell me of the tide');
  await box.getByText(/tide1 /).waitFor();
  await box.getByRole('button', { name: 'History' }).click();
  await talk.messages('Odile').first().getByText('He is gone.').waitFor();
  await page.getByRole('button', { name: 'Back to the stage' }).click();
  await box.waitFor();
  // It is kept with the person, not with the browser.
  await expect
    .poll(async () => (await house.owner.call('looks', { params: { id } })).conversation.theme)
    .toBe('visual-novel');
});

test('themes, size of words and reading mode', async () => {
  const id = await beginTalk(house);
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const talk = await Talk.open(page, house, id);
  const words = talk.messages('Mira').first().locator('[data-part=words]');
  const styleOf = (name: 'borderTopWidth' | 'fontSize') =>
    words.evaluate((element, key) => getComputedStyle(element.querySelector('p') ?? element)[key], name);
  const before = Number.parseFloat(await styleOf('fontSize'));
  await house.owner.call('updateMe', { body: { preferences: { theme: 'bubbles', wordSize: 150 } } });
  await page.reload();
  await talk.box.waitFor();
  await expect.poll(async () => Number.parseFloat(await styleOf('fontSize')) / before).toBeCloseTo(1.5, 1);
  expect(await words.evaluate((element) => getComputedStyle(element).borderTopWidth)).toBe('1px');

  await page.getByRole('button', { name: 'Conversation menu' }).click();
  await page.getByRole('menuitem', { name: 'Look', exact: true }).click();
  await page.getByRole('button', { name: 'Reading mode' }).click();
  await page.getByRole('button', { name: 'Leave reading' }).waitFor();
  expect(await talk.box.count()).toBe(0);
  expect(await page.getByRole('navigation').count()).toBe(0);
  expect(await words.isVisible()).toBe(true);
  await page.keyboard.press('Escape');
  await talk.box.waitFor();

  await page.getByRole('button', { name: 'Conversation menu' }).click();
  await page.getByRole('menuitem', { name: 'Look', exact: true }).click();
  await page.getByRole('button', { name: 'Focus mode' }).click();
  await page.getByRole('button', { name: 'Leave focus' }).waitFor();
  expect(await page.getByRole('navigation').count()).toBe(0);
  expect(await talk.box.isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Leave focus' }).click();
  await page.getByRole('navigation').waitFor();
  await house.owner.call('updateMe', { body: { preferences: { theme: 'flat', wordSize: 100 } } });
});

/** Conversations of these names, the last one the newest; names start with the same word, so that others do not count. */
async function beginNamed(word: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const id = await beginTalk(house);
    await house.owner.call('updateConversation', { params: { id }, body: { title: `${word} ${'ABCDEFGH'[index]}` } });
    ids.push(id);
  }
  return ids;
}

const markOf = async (id: string) => (await house.owner.call('conversation', { params: { id } })).mark;

test('many are chosen by mouse and keys, tagged, filed, dragged, sorted and archived, each with one undo', async () => {
  const [first = '', second = '', third = '', fourth = ''] = await beginNamed('Voyage', 4);
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const rail = page.getByRole('navigation').first();
  const row = (name: string) => rail.getByRole('link', { name: new RegExp(`^(?:Pinned\\s*)?Voyage ${name}`) });
  const names = async () =>
    (await rail.getByRole('link', { name: /Voyage/ }).allInnerTexts()).map((text) => /Voyage (.)/.exec(text)?.[1]);
  const option = async (name: string) => {
    await rail.getByRole('button', { name: 'More for the list' }).click();
    await page
      .getByRole('menuitem', { name, exact: true })
      .or(page.getByRole('menuitemradio', { name, exact: true }))
      .click();
  };
  await row('D').waitFor();

  // By mouse, with Shift between two, and by keys.
  await row('D').click({ modifiers: ['ControlOrMeta'] });
  await row('B').click({ modifiers: ['Shift'] });
  await rail.getByText('3 chosen').waitFor();
  await rail.getByRole('button', { name: 'Tags', exact: true }).click();
  await page.getByLabel('New tags').fill('sea，north');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByText('Tags of 3 changed').waitFor();
  await expect.poll(async () => (await markOf(third)).tags).toEqual(['sea', 'north']);
  await page.keyboard.press('Escape');
  await rail.getByRole('toolbar').waitFor({ state: 'detached' });

  // Its own tag narrows the list; taking it away there empties it.
  await rail.getByLabel('Show', { exact: true }).selectOption('tag:north');
  await expect.poll(names).toEqual(['D', 'C', 'B']);
  await rail.getByLabel('Show', { exact: true }).selectOption('all');
  await option('By name');
  await expect.poll(names).toEqual(['A', 'B', 'C', 'D']);
  await row('A').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await rail.getByText('2 chosen').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await rail.getByText('3 chosen').waitFor();
  await rail.getByRole('button', { name: 'Archive', exact: true }).click();
  await page.getByText('3 archived').waitFor();
  await expect.poll(names).toEqual(['A']);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect.poll(names).toEqual(['A', 'B', 'C', 'D']);
  await expect.poll(async () => (await markOf(second)).archived).toBe(false);
  await option('Newest words first');

  // A folder, filled by drag, coloured and laid into another by menu.
  await option('New folder');
  await page.getByLabel('Name of the folder').fill('North Sea');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await house.owner.call('organisedConversations')).folders.length).toBe(1);
  await row('A').hover();
  await page.mouse.down();
  await page.mouse.move(200, 600, { steps: 4 });
  const place = rail.getByText('North Sea', { exact: true });
  const box = await place.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 20, (box?.y ?? 0) + 8, { steps: 4 });
  await page.mouse.up();
  const [folder] = (await house.owner.call('organisedConversations')).folders;
  await expect.poll(async () => (await markOf(first)).folderId).toBe(folder?.id);
  await house.owner.call('createConversationFolder', { body: { name: 'Seas' } });
  await page.reload();
  await row('D').waitFor();
  await option('Folders…');
  await page.getByRole('button', { name: 'Menu of the folder North Sea' }).click();
  await page.getByRole('menuitem', { name: 'Into Seas' }).click();
  // Where it lies now: the place before is drawn away with whatever was opened there.
  const inner = page.getByRole('dialog').locator('li li');
  await inner.getByRole('button', { name: 'Menu of the folder North Sea' }).click();
  await page.getByRole('menuitemradio', { name: 'Teal' }).click();
  const kept = async () =>
    (await house.owner.call('organisedConversations')).folders.find(({ id }) => id === folder?.id);
  await expect.poll(async () => (await kept())?.colour).toBe('teal');
  await expect.poll(async () => (await kept())?.parentId).not.toBeNull();
  await page.getByRole('button', { name: 'North Sea 1' }).click();
  await expect.poll(names).toEqual(['A']);
  await option('Folders…');
  await page.getByRole('button', { name: 'Menu of the folder North Sea' }).click();
  await page.getByRole('menuitem', { name: /^Delete the folder/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expect.poll(names).toEqual(['D', 'C', 'B', 'A']);
  await expect.poll(async () => (await markOf(fourth)).folderId).toBeNull();
});

test('on a phone a long press chooses, a swipe archives or pins, and what was swiped comes back', async () => {
  const [first = '', second = ''] = await beginNamed('Harbour', 2);
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE, hasTouch: true });
  const { page } = visitor;
  const row = (name: string) => page.getByRole('link', { name: new RegExp(`^(?:Pinned\\s*)?Harbour ${name}`) });
  const touch = await page.context().newCDPSession(page);
  const put = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number, y: number) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
  const swipe = async (name: string, by: number) => {
    const box = await row(name).boundingBox();
    const [x, y] = [195, (box?.y ?? 0) + 30];
    await put('touchStart', x, y);
    for (let step = 1; step <= 6; step += 1) await put('touchMove', x + (by * step) / 6, y);
    await put('touchEnd', x + by, y);
  };
  await row('B').waitFor();
  await swipe('B', -150);
  await page.getByText('Archived', { exact: true }).waitFor();
  await row('B').waitFor({ state: 'detached' });
  await expect.poll(async () => (await markOf(second)).archived).toBe(true);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await row('B').waitFor();
  // A finger that turns back does nothing.
  await swipe('B', -40);
  expect(new URL(page.url()).pathname).toBe('/');
  await swipe('A', 150);
  await expect.poll(async () => (await markOf(first)).pinned).toBe(true);
  await page.getByRole('img', { name: 'Pinned' }).waitFor();

  const box = await row('B').boundingBox();
  await put('touchStart', 195, (box?.y ?? 0) + 30);
  await page.getByText('1 chosen').waitFor();
  await put('touchEnd', 195, (box?.y ?? 0) + 30);
  await row('A').tap();
  await page.getByText('2 chosen').waitFor();
  expect(new URL(page.url()).pathname).toBe('/');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('2 deleted').waitFor();
  await row('A').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await row('A').waitFor();
  await row('B').waitFor();
});
