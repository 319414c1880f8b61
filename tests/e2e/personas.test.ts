import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
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

const dialog = (page: Page) => page.getByRole('dialog').last();

async function createPersona(page: Page, { name, description }: { name: string; description: string }) {
  await page.goto(`${house.address}/personas/new`);
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('textbox', { name: 'Description' }).fill(description);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page
    .getByRole('main')
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .waitFor();
}

async function choosePersona(page: Page, { from, to }: { from: string; to: string }) {
  await page.getByRole('button', { name: `You are ${from}. Change who you are here` }).click();
  await dialog(page)
    .getByRole('button', { name: new RegExp(`^${to}`) })
    .click();
}

/** The prompt of the last reply, opened from its receipt. */
async function inspectLast(page: Page) {
  await page.getByRole('button', { name: 'Why this reply?' }).last().click();
  await page.getByRole('button', { name: 'Show the exact prompt' }).click();
  const prompt = dialog(page);
  await prompt.getByRole('region', { name: 'Text' }).getByText('1 · system').waitFor();
  return prompt;
}

test('somebody talks as one persona, becomes another, and sees what the model saw', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await createPersona(page, { name: 'Wren', description: 'Wren is tall and {{char}} owes her money.' });
  await createPersona(page, { name: 'Tern', description: 'Tern never sleeps.' });
  await page.getByText('Default', { exact: true }).waitFor();

  const id = await beginTalk(house);
  const talk = await Talk.open(page, house, id);
  await talk.say('The first word');
  await talk.settled('Mira', 'The first word');

  // The past keeps its name unless one says otherwise.
  await choosePersona(page, { from: 'Wren', to: 'Tern' });
  await dialog(page).getByText('From now on you are Tern.').waitFor();
  await dialog(page).getByRole('button', { name: 'Keep the old name' }).click();
  await page.getByRole('button', { name: 'You are Tern. Change who you are here' }).waitFor();
  await talk.say('The second word');
  await talk.settled('Mira', 'The second word');
  expect(await namesOf(id)).toEqual(['Wren', 'Tern']);
  await talk.last('You').getByText('Tern', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Conversation menu' }).click();
  await page.getByRole('menuitem', { name: "Author's note" }).click();
  await dialog(page).getByRole('textbox', { name: 'Note' }).fill('[It is about to rain.]');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).waitFor({ state: 'detached' });

  const first = talk.messages('You').first();
  await first.hover();
  await first.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Hide from the model' }).click();
  await first.getByText('Hidden from the model').waitFor();

  await talk.say('The third word');
  await talk.settled('Mira', 'The third word');
  const prompt = await inspectLast(page);
  const text = await wholePrompt(page);
  expect(text).toContain('Tern never sleeps.');
  expect(text).toContain('[It is about to rain.]');
  expect(text).not.toContain('Wren');
  // The hidden message is gone, the character's echo of it is not.
  expect(text.match(/The first word/g)).toHaveLength(1);

  await prompt.getByRole('searchbox', { name: 'Search in the prompt' }).fill('about to rain');
  await prompt.getByText('1 of 1').waitFor();
  await prompt.getByRole('button', { name: 'Next place' }).click();
  await prompt.locator('mark[data-current=true]').waitFor();
  await prompt.getByRole('button', { name: /^About you/ }).click();
  await prompt.getByText('Tern never sleeps.').waitFor();
  await prompt.getByRole('button', { name: 'Show all' }).click();

  const choices = await prompt.getByRole('combobox', { name: 'Compare with' }).locator('option').allTextContents();
  await prompt.getByRole('combobox', { name: 'Compare with' }).selectOption(choices.at(-1) ?? '');
  const compared = prompt.getByRole('region', { name: 'Both prompts, line by line' });
  // The house's rules name the person; further down stands what is said of each.
  await compared.locator('mark', { hasText: 'Wren' }).first().waitFor();
  await compared.locator('mark', { hasText: 'Tern' }).first().waitFor();
  const next = prompt.getByRole('button', { name: 'Next difference' });
  for (let step = 0; step < 10 && !(await compared.getByText('Wren is tall').isVisible()); step += 1)
    await next.click();
  await compared.getByText('Wren is tall and Mira owes her money.').waitFor();
  await prompt.getByText(/^Tokens: \d+ → \d+/).waitFor();
});

test('on a phone the past can take the new name, and the prompt fills the screen', async () => {
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE, hasTouch: true });
  const { page } = visitor;
  const id = await beginTalk(house);
  const talk = await Talk.open(page, house, id);
  await talk.say('Hello there');
  await talk.settled('Mira', 'Hello there');
  await choosePersona(page, { from: 'Wren', to: 'Tern' });
  await dialog(page).getByRole('button', { name: 'Put the new name on it' }).click();
  await page.getByRole('button', { name: 'You are Tern. Change who you are here' }).waitFor();
  await expect.poll(() => namesOf(id)).toEqual(['Tern']);
  await talk.say('Again');
  await talk.settled('Mira', 'Again');
  const prompt = await inspectLast(page);
  expect((await prompt.boundingBox())?.height).toBe(PHONE.height);
  await prompt.getByText('Parts', { exact: true }).click();
  await prompt.getByRole('button', { name: /^House rules/ }).waitFor();
  await page.keyboard.press('Escape');
  await prompt.waitFor({ state: 'detached' });
  await talk.box.waitFor();
});

test('a character becomes a persona with the sides swapped, and a character again', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/characters/starter-mira`);
  await page.getByRole('button', { name: 'Make a persona of Mira' }).click();
  await dialog(page).getByRole('button', { name: 'Swap them' }).click();
  await page.waitForURL(/\/personas\/[\w-]+$/);
  const description = await page.getByRole('textbox', { name: 'Description' }).inputValue();
  expect(description).toContain('{{user}} never hurries a guest');
  await page.getByRole('button', { name: 'Make a character of it' }).click();
  await page.waitForURL(/\/characters\/[\w-]+$/);
  await page.getByRole('heading', { level: 1, name: 'Mira' }).waitFor();
});

test('a book is attached to a persona where the persona is edited, and taken off again', async () => {
  const query = { locale: 'en' } as const;
  const { id } = await house.owner.call('createPersona', { body: { name: 'Auk' } });
  const book = await house.owner.call('createLorebook', { body: { body: { name: 'Cliffs' } }, query });
  const targets = async () =>
    (await house.owner.call('lorebooks', { query })).books.find((one) => one.id === book.id)?.targets;
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/personas/${id}`);
  const books = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Books of this persona' }) });
  await books.getByRole('button', { name: 'Attach a book' }).click();
  await dialog(page)
    .getByRole('button', { name: /^Cliffs/ })
    .click();
  await books.getByRole('link', { name: 'Cliffs' }).waitFor();
  await expect.poll(() => targets()).toEqual([{ kind: 'persona', id, name: 'Auk' }]);
  // Still the form, with nothing of it saved or lost.
  expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Auk');
  await books.getByRole('button', { name: 'Take off Cliffs' }).click();
  await books.getByText('No book is attached here.').waitFor();
  await expect.poll(() => targets()).toEqual([]);
});

/** The names under which the person spoke, oldest first. */
async function namesOf(id: string): Promise<string[]> {
  const { messages } = await house.owner.call('messages', { params: { id } });
  return messages.filter(({ author }) => author.kind === 'human').map(({ author }) => author.name);
}

/** The text as it is copied. */
async function wholePrompt(page: Page): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await dialog(page).getByRole('button', { name: 'Copy the whole prompt' }).click();
  await page.getByRole('region', { name: 'Notices' }).getByText('Copied').waitFor();
  return await page.evaluate(() => navigator.clipboard.readText());
}
