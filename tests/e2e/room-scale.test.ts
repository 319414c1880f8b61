import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { comeAsGuest, makeRoom, roomScript } from './support/room.ts';
import { TIDE_END } from './support/scripts.ts';
import { seedRoomTalk } from './support/seed-room-talk.ts';
import { settleOwner, Talk } from './support/talk.ts';
import { PHONE, Visitor } from './support/visitor.ts';

const LENGTH = 2_000;
const TOKENS = 160;
const CHARACTERS = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gus', 'Hal'];
const GUESTS = ['Kim', 'Lou', 'Max'];
/** A phone of the middle class against the machine of the test. */
const SLOWER = 4;
/** As much as a talk of two may cost, and as much more for faces and names. */
const MOST_RATIO = 1.5;
/** Per token, on the slow phone. */
const MOST_SCRIPT_IN_MS = 15;

let browser: Browser;
let house: HouseProcess;
let roomId: string;
let talkId: string;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script: roomScript })]);
  await settleOwner(house);
  roomId = (await makeRoom(house, CHARACTERS, { turnOrder: 'list', mostReplies: 1 })).id;
  for (const name of GUESTS) await (await comeAsGuest({ browser, house, id: roomId }, name))[Symbol.asyncDispose]();
  const { id: characterId } = await house.owner.call('createCharacter', {
    body: { name: 'Ada', greeting: 'Come in.' },
  });
  talkId = (await house.owner.call('createConversation', { body: { characterId, locale: 'en' } })).id;
  await house.close();
  for (const conversationId of [talkId, roomId]) {
    await seedRoomTalk({ dataDirectory: house.dataDirectory, conversationId, length: LENGTH });
  }
  await house.open();
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

interface Cost {
  elements: number;
  /** Milliseconds of scripting, of style and layout per token. */
  scriptInMs: number;
  layoutInMs: number;
  heapInMb: number;
}

test('a room of eight characters and four humans costs a phone hardly more than a talk of two', async () => {
  const talk = await measure(talkId);
  const room = await measure(roomId);
  const ratio = (pick: (cost: Cost) => number) => Math.round((pick(room) / pick(talk)) * 100) / 100;
  const ratios = {
    elements: ratio((cost) => cost.elements),
    scripting: ratio((cost) => cost.scriptInMs),
    layout: ratio((cost) => cost.layoutInMs),
    heap: ratio((cost) => cost.heapInMb),
  };
  const figures = JSON.stringify({ talk, room, ratios });
  expect(ratios.elements, figures).toBeLessThan(MOST_RATIO);
  expect(ratios.scripting, figures).toBeLessThan(MOST_RATIO);
  expect(ratios.layout, figures).toBeLessThan(MOST_RATIO);
  // A token draws its row; a page that is drawn anew for each costs five times as much.
  expect(room.scriptInMs, figures).toBeLessThan(MOST_SCRIPT_IN_MS);
  expect(ratios.heap, figures).toBeLessThan(MOST_RATIO);
});

/** Opens a conversation on a slow phone and lets a long reply stream into it. */
async function measure(conversationId: string): Promise<Cost> {
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE, hasTouch: true });
  const { page } = visitor;
  const talk = await Talk.open(page, house, conversationId);
  await page.getByText(`Number ${LENGTH}.`).waitFor();
  const cdp = await visitor.context.newCDPSession(page);
  // The main thread's own time: what else the machine does meanwhile is not counted.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await talk.say('Tell of the tide');
  await page.getByText('tide5 ').first().waitFor();
  const before = await metrics(cdp);
  await page.locator('[aria-busy=false]').getByText(TIDE_END).waitFor();
  const after = await metrics(cdp);
  const per = (name: string) => ((after(name) - before(name)) * 1_000) / TOKENS;
  await cdp.send('HeapProfiler.collectGarbage');
  return {
    elements: await elements(page),
    scriptInMs: per('ScriptDuration'),
    layoutInMs: per('LayoutDuration') + per('RecalcStyleDuration'),
    heapInMb: (await metrics(cdp))('JSHeapUsedSize') / 1e6,
  };
}

async function metrics(cdp: CDPSession): Promise<(name: string) => number> {
  const { metrics: all } = await cdp.send('Performance.getMetrics');
  return (name) => all.find((one) => one.name === name)?.value ?? Number.NaN;
}

async function elements(page: Page): Promise<number> {
  return await page.locator('*').count();
}
