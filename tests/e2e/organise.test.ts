import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
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
  await using visitor = await Visitor.enter(browser, house, viewport === undefined ? {} : { viewport });
  const { page } = visitor;
  const talk = await Talk.open(page, house, id);
  await page.getByRole('button', { name: 'Conversation menu' }).click();
  await page.getByRole('menuitem', { name: 'Look', exact: true }).click();
  await page.getByRole('radio', { name: 'Visual novel' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();

  const box = page.getByRole('region', { name: 'What is said' });
  await box.getByText('Come in, the kettle is on.').waitFor();
  await page.getByRole('img', { name: 'Odile, joy' }).waitFor();
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
  expect((await house.owner.call('looks', { params: { id } })).conversation.theme).toBe('visual-novel');
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
