import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import { launchBrowser } from '../support/browser.ts';
import { accessProblems } from './support/access-problems.ts';
import { HouseProcess } from './support/house-process.ts';
import { pngPicture } from './support/pictures.ts';
import { settleOwner, Talk } from './support/talk.ts';
import { PHONE, Visitor } from './support/visitor.ts';

const answer = (contains: string, text: string, times?: number) => ({
  when: { contains },
  ...(times === undefined ? {} : { times }),
  steps: [{ type: 'tokens' as const, tokens: text.split(/(?<= )/), delayInMs: 4 }],
});
/** What the model drafts; a field asked for again gets other words. */
const script: ScriptInput = {
  label: 'Scripted model',
  rules: [
    answer('“name”', '{"name": "Otto"}'),
    answer('“description”', '{"description": "Otto rows people across the river. He hums."}'),
    answer('“tagline”', '{"tagline": "Ferryman of the fog"}', 1),
    answer('“tagline”', '{"tagline": "Counts the stars"}'),
    answer('“personality”', '{"personality": "slow, kind"}'),
    answer('“scenario”', '{"scenario": "A river at night."}'),
    answer('“action”', '{"action": "He holds the boat still.", "speech": "Step in, {{user}}."}'),
    answer('“exchanges”', '{"exchanges":[{"user":"Far?","char":"*hums* Far enough."}]}'),
    answer('“tags”', '{"tags": ["river", "night"]}'),
  ],
  otherwise: 'echo',
};

let browser: Browser;
let house: HouseProcess;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script })]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });

test('from a sentence to a talk on a phone: drafted, one line again, cut, tried, saved', async () => {
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE });
  const { page } = visitor;
  await page.goto(`${house.address}/characters/new`);
  await page.getByRole('textbox', { name: 'Describe the character in a sentence' }).fill('A ferryman in the fog');
  await page.getByRole('button', { name: 'Write it for me' }).click();
  await page.getByText('Written by Scripted model.').waitFor();
  expect(await field(page, 'Name').inputValue()).toBe('Otto');
  expect(await field(page, 'Greeting').inputValue()).toBe('*He holds the boat still.*\nStep in, {{user}}.');

  await page.getByRole('button', { name: 'Have it written: In one line' }).click();
  await page.getByRole('textbox', { name: 'Anything in particular?' }).fill('shorter');
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('input')].some(({ value }) => value === 'Counts the stars'),
  );

  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a picture' }).click();
  await (await choosing).setFiles({ name: 'otto.png', mimeType: 'image/png', buffer: pngPicture([200, 90, 40]) });
  const frame = page.getByRole('group', { name: 'Part of the picture that is kept' });
  await frame.focus();
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('slider', { name: 'Zoom' }).fill('2');
  await page.getByRole('button', { name: 'Use this part' }).click();
  await page.getByRole('button', { name: 'Remove the picture' }).waitFor();

  await page.getByText('Try it', { exact: true }).first().click();
  await page.getByRole('textbox', { name: 'Say something to Otto' }).fill('Is it far?');
  await page.keyboard.press('Enter');
  await page.getByRole('log').getByText('Is it far?').nth(1).waitFor();
  expect(await accessProblems(page)).toEqual([]);
  await page.getByText('Write', { exact: true }).first().click();

  await page.getByRole('button', { name: 'Create and talk' }).click();
  await page.waitForURL(/\/c\//);
  await new Talk(page).settled('Otto', 'Step in, Robin.');
  const { characters } = await house.owner.call('characters');
  const otto = characters.find(({ name }) => name === 'Otto');
  expect(otto).toMatchObject({ tagline: 'Counts the stars', tags: ['river', 'night'] });
  expect(await pictureShape(page, house.address + otto!.pictureUrl!)).toBeCloseTo(2 / 3, 1);
});

test('every field is edited, unsaved words outlive a reload, and what changed is seen, taken back and copied', async () => {
  const made = await house.owner.call('createCharacter', {
    body: { name: 'Vera', description: 'She keeps the old light.', greeting: 'One', alternateGreetings: ['Two'] },
  });
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const editing = `${house.address}/characters/${made.id}/edit`;
  await page.goto(editing);
  await page.getByText('Everything', { exact: true }).click();
  await field(page, 'Description').fill('She keeps the new light.');
  await page.getByRole('button', { name: 'Move down: Greeting', exact: true }).click();
  await field(page, 'Tags').fill('sea, ');
  await field(page, 'System prompt').fill('Be Vera. {{original}}');
  await page.getByRole('button', { name: 'Person speaks' }).click();
  await page.keyboard.type('Hm?');
  await page.getByRole('button', { name: 'Show as dialogue' }).click();
  expect(await accessProblems(page)).toEqual([]);
  // Longer than the words wait before they are kept.
  await page.waitForFunction((id) => localStorage.getItem(`everwith.editor.${id}`)?.includes('Hm?') === true, made.id);

  await page.reload();
  await page.getByRole('button', { name: 'Take them up again' }).click();
  expect(await field(page, 'Description').inputValue()).toBe('She keeps the new light.');
  // Somebody saves first.
  await house.owner.call('updateCharacter', {
    params: { id: made.id },
    body: { name: 'Vera', description: 'Elsewhere.', expectedVersionId: made.versionId },
  });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Build on it and keep mine' }).click();
  await page.getByText('It was saved somewhere else meanwhile.').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForURL(new RegExp(`/characters/${made.id}$`));
  const saved = await house.owner.call('characterFields', { params: { id: made.id } });
  expect(saved).toMatchObject({
    version: 3,
    fields: {
      greeting: 'Two',
      alternateGreetings: ['One'],
      tags: ['sea'],
      systemPrompt: 'Be Vera. {{original}}',
      exampleDialogue: '{{user}}: Hm?',
    },
  });

  await page.goto(`${house.address}/characters/${made.id}/versions`);
  await page.getByRole('combobox', { name: 'Older' }).selectOption({ index: 2 });
  const diff = page.getByRole('region', { name: 'Compare 1 with 3' });
  await diff.locator('del', { hasText: 'old' }).waitFor();
  await diff.locator('ins', { hasText: 'new' }).waitFor();
  expect(await accessProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Bring version 1 back' }).click();
  await page.getByRole('listitem').filter({ hasText: 'Version 4' }).waitFor();
  const back = await house.owner.call('character', { params: { id: made.id } });
  expect(back).toMatchObject({ version: 4, description: 'She keeps the old light.' });

  await page.goto(`${house.address}/characters/starter-mira/versions`);
  await page.getByRole('button', { name: 'Make it mine' }).click();
  await page.waitForURL(/\/characters\/(?!starter)[\w-]+\/edit$/);
  await page.getByRole('button', { name: 'Save', exact: true }).waitFor();
});

async function pictureShape(page: Page, url: string): Promise<number> {
  return await page.evaluate(async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    return image.naturalWidth / image.naturalHeight;
  }, url);
}
