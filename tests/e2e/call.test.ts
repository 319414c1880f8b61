import type { Browser, BrowserContextOptions, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { messageText } from '../../client/message-text.ts';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import { launchBrowser } from '../support/browser.ts';
import { beginShortTalk, CallOnScreen, say } from './support/call.ts';
import { HouseProcess } from './support/house-process.ts';
import { giveMicrophone, NOT_ALLOWED } from './support/microphone.ts';
import { tapSound } from './support/page-sound.ts';
import { settleOwner, Talk } from './support/talk.ts';
import { PHONE, Visitor } from './support/visitor.ts';

const GREETING = 'Good evening, friend.';
const LONG_REPLY =
  'The sea is calm tonight, and the light turns. It turns for the boats, and it turns for you. ' +
  'Nobody has asked in years, so let me tell you of every wave. The first wave was small. The second wave was green. ' +
  'The third wave was the one that took the oar. The fifth wave sang, and the sixth wave slept, and the seventh was ' +
  'as tall as the lamp. The fourth, which I left out, brought it back.';

const script: ScriptInput = {
  label: 'Scripted model',
  rules: [
    {
      when: { contains: 'calm tonight' },
      steps: [{ type: 'tokens', tokens: LONG_REPLY.split(/(?= )/), delayInMs: 5 }],
    },
    { when: { contains: 'Stop now' }, steps: [{ type: 'tokens', tokens: ['I am', ' all', ' ears.'] }] },
    { when: { contains: 'count' }, steps: [{ type: 'tokens', tokens: ['One', ' two', ' three.'] }] },
  ],
  otherwise: 'echo',
};

let browser: Browser;
let house: HouseProcess;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(NOT_ALLOWED), HouseProcess.start({ script })]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

test('the greeting sounds, what is said is understood, an interruption stops the reply, and only what was heard is kept', async () => {
  const id = await beginShortTalk(house, GREETING);
  await using visitor = await comeToCall();
  const call = await CallOnScreen.begin(visitor.page, house, id);
  expect(await call.hears(GREETING)).toBe(GREETING);
  await call.caption.filter({ hasText: GREETING }).waitFor();
  await call.reaches('Listening');

  await say(call.page, 'Is the sea calm tonight?');
  await call.page.getByText('Is the sea calm tonight?').waitFor();
  await call.hears('The sea is calm tonight');
  await call.caption.filter({ hasText: 'the light turns' }).waitFor();
  await say(call.page, 'Stop now please, I have to tell you');
  await call.hears('I am all ears.');
  const sounded = await call.sounded();
  expect(sounded).not.toContain('brought it back');

  await call.end();
  const talk = new Talk(call.page);
  await talk.settled('Lamp', 'I am all ears.');
  const texts = await keptWords(id);
  expect(texts[0]).toBe(GREETING);
  expect(texts[1]).toBe('Is the sea calm tonight?');
  expect(LONG_REPLY.startsWith(texts[2] ?? '?')).toBe(true);
  expect(texts[2]).not.toContain('brought it back');
  expect(sounded.replaceAll(' ', '')).toContain((texts[2] ?? '').slice(0, 30).replaceAll(' ', ''));
  expect(texts[3]).toBe('Stop now please, I have to tell you');
  expect(texts[4]).toBe('I am all ears.');
  await call.page.getByText('Interrupted here').waitFor();
  await call.page.getByText(/^Call · /).waitFor();
});

test('a cut connection comes back within the call, and what was not heard is said then', async () => {
  const id = await beginShortTalk(house, GREETING);
  await using visitor = await comeToCall({ viewport: PHONE });
  const sockets = await holdSockets(visitor.page);
  const call = await CallOnScreen.begin(visitor.page, house, id);
  await call.hears('Good evening');
  await sockets.cut();
  await call.reaches('Connection lost');
  sockets.mend();
  await call.hears('friend.');
  await call.reaches('Listening');
  expect(sockets.count).toBeGreaterThan(1);
  await call.button('Write').click();
  await call.page.getByRole('textbox', { name: /^Write to Lamp/ }).fill('Please count');
  await call.page.keyboard.press('Enter');
  await call.hears('One two three.');
  await call.end();
  expect(await keptWords(id)).toEqual([GREETING, 'Please count', 'One two three.']);
  expect(await callsOf(id)).toBe(1);
});

test('without a microphone one is told how to allow it, and can listen and type', async () => {
  const id = await beginShortTalk(house, GREETING);
  await using visitor = await Visitor.enter(browser, house);
  await tapSound(visitor.context);
  const call = await CallOnScreen.begin(visitor.page, house, id);
  const alert = call.page.getByRole('alert');
  await alert.filter({ hasText: 'The microphone is not allowed' }).waitFor();
  await alert.getByRole('listitem').first().waitFor();
  await call.hears(GREETING);
  await alert.getByRole('button', { name: 'Type instead' }).click();
  await call.page.keyboard.type('Please count');
  await call.page.keyboard.press('Enter');
  await call.hears('One two three.');
  await call.end();
});

test('by keyboard alone: call, interrupt, mute, captions, end', async () => {
  const id = await beginShortTalk(house, LONG_REPLY);
  await using visitor = await comeToCall();
  const { page } = visitor;
  await page.goto(`${house.address}/c/${id}`);
  const link = page.getByRole('link', { name: 'Call Lamp' });
  await link.focus();
  await page.keyboard.press('Enter');
  const call = new CallOnScreen(page);
  await call.hears('The sea is calm');
  await page.keyboard.press('Space');
  await call.reaches('Listening');
  expect(await call.sounded()).not.toContain('brought it back');
  await page.keyboard.press('m');
  await call.reaches('You are muted');
  await page.keyboard.press('m');
  await page.keyboard.press('c');
  await call.caption.waitFor({ state: 'detached' });
  await page.keyboard.press('c');
  await page.keyboard.press('Escape');
  const dialog = page.getByRole('dialog', { name: 'End the call?' });
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'End call' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/c/${id}`);
});

test('elder mode: one button, large words, patience', async () => {
  const id = await beginShortTalk(house, GREETING);
  await using visitor = await comeToCall({ viewport: PHONE });
  const { page } = visitor;
  await page.goto(`${house.address}/call/${id}?elder`);
  const answer = page.getByRole('button', { name: 'Talk with Lamp' });
  const hangUp = page.getByRole('button', { name: 'Hang up on Lamp' });
  // Browsers that let the page sound at once need no press.
  await answer.or(hangUp).waitFor();
  if (await answer.isVisible()) await answer.click();
  await hangUp.waitFor();
  const caption = page.getByText(GREETING);
  await caption.waitFor();
  expect(await caption.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize))).toBeGreaterThan(
    27,
  );
  expect(await page.getByRole('button').count()).toBe(1);
  await hangUp.click();
  await page.getByRole('button', { name: 'Talk again' }).waitFor();
});

/** Somebody whose microphone is allowed, and whose loudspeaker is listened to. */
async function comeToCall(options: BrowserContextOptions = {}): Promise<Visitor> {
  const visitor = await Visitor.enter(browser, house, options);
  await giveMicrophone(visitor.page);
  await tapSound(visitor.context);
  return visitor;
}

/** What each message says, oldest first. */
async function keptWords(id: string): Promise<string[]> {
  const { messages } = await house.owner.call('messages', { params: { id }, query: { limit: 50 } });
  return messages.map(messageText);
}

/** In how many calls the words of a conversation were said. */
async function callsOf(id: string): Promise<number> {
  const { messages } = await house.owner.call('messages', { params: { id }, query: { limit: 50 } });
  const voices = messages.flatMap(({ parts }) => parts.filter((part) => part.type === 'voice'));
  return new Set(voices.map(({ callId }) => callId)).size;
}

interface HeldSockets {
  readonly count: number;
  /** Breaks the connection and lets no new one through. */
  cut(): Promise<void>;
  mend(): void;
}

/** Passes the call's sockets on until told otherwise. */
async function holdSockets(page: Page): Promise<HeldSockets> {
  const open: WebSocketRoute[] = [];
  let broken = false;
  let count = 0;
  await page.routeWebSocket(/\/v1\/realtime/, (socket) => {
    if (broken) {
      void socket.close({ code: 4900, reason: 'cut' });
      return;
    }
    count += 1;
    open.push(socket, socket.connectToServer());
  });
  return {
    get count() {
      return count;
    },
    async cut() {
      broken = true;
      // The page's end first: it would go on sending to one that is closed.
      for (const end of open.splice(0)) await end.close({ code: 4900, reason: 'cut' });
    },
    mend() {
      broken = false;
    },
  };
}
