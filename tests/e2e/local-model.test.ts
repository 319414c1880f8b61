import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { Talk } from './support/talk.ts';
import { Visitor } from './support/visitor.ts';

const MODEL = 'qwen2.5-coder-0.5b';
/** Reading a card of a thousand tokens and writing a reply, on two cores that others use too. */
const LIMIT_IN_MS = 170_000;

const isThere = (process.env['EVERWITH_TEST_WEIGHTS'] ?? '').split(',').includes(MODEL);

let browser: Browser;
let house: HouseProcess;

beforeAll(async () => {
  if (!isThere) return;
  // Offline: the starter that lies in the cache is used, and nothing else is looked for.
  [browser, house] = await Promise.all([
    launchBrowser(),
    HouseProcess.start({ environment: { EVERWITH_OFFLINE: '1' } }),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

test.skipIf(!isThere)(`a newcomer says hello to a real model (needs the weights of ${MODEL})`, async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.getByRole('textbox', { name: 'What may the characters call you?' }).fill('Robin');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('region', { name: 'Models' }).getByText('Ready: small model').waitFor();
  await page.getByRole('button', { name: 'Meet Mira' }).click();
  const talk = new Talk(page);
  await page.getByText('Small fallback model').waitFor();
  await page.getByRole('link', { name: 'choose a better one' }).waitFor();
  await talk.say('Hello');
  await talk.messages('Mira').nth(1).waitFor();
  const done = talk.messages('Mira').nth(1).and(page.locator('[aria-busy=false]'));
  await done.waitFor({ timeout: LIMIT_IN_MS });
  // What it says is its own: "Hi there!" is an answer, too.
  expect((await done.locator('p').allInnerTexts()).join(' ')).toMatch(/\p{L}{2,}/u);
  expect(await page.getByText('could not be written').count()).toBe(0);

  await done.getByRole('button', { name: 'Why this reply?' }).click();
  const receipt = page.getByRole('complementary', { name: 'Why this reply?' });
  await receipt.getByText('This was the small fallback model.').waitFor();
  expect(await receipt.innerText()).toMatch(/[\d.]+ tokens\/s/);
});
