import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { sayAt } from './support/call.ts';
import { launchWithMicrophone } from './support/fake-microphone.ts';
import type { ListeningBrowser } from './support/fake-microphone.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { beginTalk, settleOwner } from './support/talk.ts';
import { PHONE, Visitor } from './support/visitor.ts';

const SENTENCE = 'Tell me about the sea';

let house: HouseProcess;
let microphone: ListeningBrowser;
let visitor: Visitor;

beforeAll(async () => {
  // Slow enough that a reading can be paused.
  house = await HouseProcess.start({ script: { ...playScript, speech: { chunkInMs: 500 } } });
  await settleOwner(house);
});
afterEach(async () => {
  await visitor[Symbol.asyncDispose]();
  await microphone[Symbol.asyncDispose]();
});
afterAll(() => house?.[Symbol.asyncDispose]());

async function openTalk(browser: Browser): Promise<Page> {
  const id = await beginTalk(house);
  visitor = await Visitor.enter(browser, house, { viewport: PHONE });
  await visitor.page.goto(`${house.address}/c/${id}`);
  return visitor.page;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const speak = (page: Page) => button(page, 'Speak instead of typing').click();

test('a message is read aloud, paused and stopped; what is said is written into the box', async () => {
  microphone = await launchWithMicrophone([sayAt(1000, SENTENCE)]);
  const page = await openTalk(microphone.browser);
  await button(page, 'Listen').last().click();
  await button(page, 'Pause').click();
  await button(page, 'Go on').click();
  await button(page, 'Stop').click();
  await button(page, 'Listen').last().waitFor();

  await speak(page);
  // The words appear while one speaks.
  await page.getByRole('group', { name: 'Recording' }).getByText('the sea').waitFor();
  await button(page, 'Write down what I said').click();
  const box = page.getByRole('textbox', { name: 'Message to Mira' });
  await box.waitFor();
  expect(await box.inputValue()).toContain(SENTENCE);
});

test('a recording is heard before it is sent, and stays to be heard again', async () => {
  microphone = await launchWithMicrophone([sayAt(500, SENTENCE)]);
  const page = await openTalk(microphone.browser);
  await speak(page);
  await page.getByRole('group', { name: 'Recording' }).getByText('the sea').waitFor();
  await button(page, 'Stop, to hear it first').click();
  const heard = page.waitForFunction(() => document.querySelector('[aria-label="Stop"]') !== null);
  await button(page, 'Hear the recording').click();
  await heard;
  await button(page, 'Send as a voice message').click();
  await page.getByText(/^Spoken, 0:0\d$/).waitFor();
  const recording = page.waitForResponse((response) => response.url().endsWith('/recording'));
  await button(page, 'Play').click();
  expect((await recording).headers()['content-type']).toBe('audio/wav');
});

test('a microphone that is not allowed says what to do, and Escape brings the box back', async () => {
  microphone = await launchWithMicrophone([], { allowed: false });
  const page = await openTalk(microphone.browser);
  await speak(page);
  await page.getByText('The microphone is not allowed').waitFor();
  await page.getByText('turn the microphone on').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'Message to Mira' }).waitFor();
});
