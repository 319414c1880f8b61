import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { say } from './support/call.ts';
import { HouseProcess } from './support/house-process.ts';
import { giveMicrophone, NOT_ALLOWED } from './support/microphone.ts';
import { playScript } from './support/scripts.ts';
import { beginTalk, settleOwner } from './support/talk.ts';
import { PHONE, Visitor } from './support/visitor.ts';

const SENTENCE = 'Tell me about the sea';

let browser: Browser;
let house: HouseProcess;
let visitor: Visitor;

beforeAll(async () => {
  // Slow enough that a reading can be paused.
  const script = { ...playScript, speech: { chunkInMs: 500 } };
  [browser, house] = await Promise.all([launchBrowser(NOT_ALLOWED), HouseProcess.start({ script })]);
  await settleOwner(house);
});
afterEach(() => visitor[Symbol.asyncDispose]());
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

async function openTalk({ isAllowed = true } = {}): Promise<Page> {
  const id = await beginTalk(house);
  visitor = await Visitor.enter(browser, house, { viewport: PHONE });
  if (isAllowed) await giveMicrophone(visitor.page);
  await visitor.page.goto(`${house.address}/c/${id}`);
  return visitor.page;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const speak = (page: Page) => button(page, 'Speak instead of typing').click();

/** The words appear while one speaks. */
async function sayTheSentence(page: Page): Promise<void> {
  const recording = page.getByRole('group', { name: 'Recording' });
  await recording.locator('[data-live=true]').waitFor();
  await say(page, SENTENCE);
  await recording.getByText('the sea').waitFor();
}

test('a message is read aloud, paused and stopped; what is said is written into the box', async () => {
  const page = await openTalk();
  await button(page, 'Listen').last().click();
  await button(page, 'Pause').click();
  await button(page, 'Go on').click();
  await button(page, 'Stop').click();
  await button(page, 'Listen').last().waitFor();

  await speak(page);
  await sayTheSentence(page);
  await button(page, 'Write down what I said').click();
  const box = page.getByRole('textbox', { name: 'Message to Mira' });
  await box.waitFor();
  expect(await box.inputValue()).toContain(SENTENCE);
});

test('a recording is heard before it is sent, and stays to be heard again', async () => {
  const page = await openTalk();
  await speak(page);
  await sayTheSentence(page);
  await button(page, 'Stop, to hear it first').click();
  const heard = page.waitForFunction(() => document.querySelector('[aria-label="Stop"]') !== null);
  await button(page, 'Hear the recording').click();
  await heard;
  await button(page, 'Send as a voice message').click();
  await page.getByText(/^Spoken, \d+:\d\d$/).waitFor();
  const recording = page.waitForResponse((response) => response.url().endsWith('/recording'));
  await button(page, 'Play').click();
  expect((await recording).headers()['content-type']).toBe('audio/wav');
});

test('a microphone that is not allowed says what to do, and Escape brings the box back', async () => {
  const page = await openTalk({ isAllowed: false });
  await speak(page);
  await page.getByText('The microphone is not allowed').waitFor();
  await page.getByText('turn the microphone on').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'Message to Mira' }).waitFor();
});
