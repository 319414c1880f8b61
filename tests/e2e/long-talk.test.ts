import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KEPT_MESSAGES } from '../../web/state/device/kept-reading.ts';
import { isFull } from '../integration/support/test-database.ts';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript, TIDE_END } from './support/scripts.ts';
import { seedLongTalk } from './support/seed-long-talk.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { Visitor } from './support/visitor.ts';

const LENGTH = isFull ? 100_000 : 1_000;
const PAGES_UP = isFull ? 4 : 2;
/** What the page shows of them at a time, elements of the frame included. */
const MOST_ELEMENTS = 1_500;
const MOST_ROWS = 60;
/** Script of a reply in the long conversation against one in a short one; a long list has more rows to compare. */
const MOST_TIMES = 3;
/** Below this a busy machine's noise is larger than what is measured. */
const LEAST_SCRIPT_IN_MS = 150;
/** A sub-pixel rounding here and there; a jump is tens of pixels. */
const STILL_IN_PX = 3;

let browser: Browser;
let house: HouseProcess;
let conversationId: string;
let shortId: string;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script: playScript })]);
  await settleOwner(house);
  conversationId = await beginTalk(house);
  shortId = await beginTalk(house);
  const { id: ownerId } = await house.owner.call('me');
  await house.close();
  await seedLongTalk({
    dataDirectory: house.dataDirectory,
    conversationId,
    ownerId,
    length: LENGTH,
    searchedEvery: 100,
  });
  await house.open();
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

test('a long conversation opens at their end with one page and few elements', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const pages: string[] = [];
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    // What the device keeps for reading without a network is read apart, some seconds later.
    const isKept = searchParams.get('limit') === String(KEPT_MESSAGES);
    if (pathname.endsWith('/messages') && !isKept) pages.push(request.url());
  });
  await Talk.open(page, house, conversationId);
  await row(page, LENGTH).getByText(`Number ${LENGTH}.`).waitFor();
  expect(await row(page, LENGTH).isVisible()).toBe(true);
  await expect.poll(() => distanceToEnd(page)).toBeLessThan(STILL_IN_PX);
  expect(await row(page, LENGTH).getAttribute('aria-setsize')).toBe(String(LENGTH));
  expect(await page.locator('*').count()).toBeLessThan(MOST_ELEMENTS);
  expect(await page.locator('main li[aria-posinset]').count()).toBeLessThan(MOST_ROWS);
  expect(pages, pages.join(', ')).toHaveLength(1);
});

test('scrolling up reads page after page without a jump, and one button leads back to the end', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const gate = await gateOlderPages(page);
  await Talk.open(page, house, conversationId);
  await row(page, LENGTH).getByText(`Number ${LENGTH}.`).waitFor();

  for (let round = 1; round <= PAGES_UP; round += 1) {
    const held = gate.next();
    await wheelUntil(page, () => gate.isHeld());
    const route = await held;
    const before = await settledTop(page);
    const height = await scrollHeight(page);
    await gate.release(route);
    await page.waitForFunction(
      ([earlier]) =>
        (document.querySelector('main li[aria-posinset]')?.closest('section')?.scrollHeight ?? 0) > earlier + 1_000,
      [height] as const,
    );
    const after = await settledTop(page, before.place);
    expect(after.place, `round ${round}: the message is still on screen`).toBe(before.place);
    expect(Math.abs(after.top - before.top), `round ${round}, message ${before.place}`).toBeLessThan(STILL_IN_PX);
  }
  expect(await page.locator('main li[aria-posinset]').count()).toBeLessThan(MOST_ROWS);
  expect(await page.locator('*').count()).toBeLessThan(MOST_ELEMENTS);

  await page.getByRole('button', { name: 'To the newest message' }).click();
  await row(page, LENGTH).getByText(`Number ${LENGTH}.`).waitFor();
  await page.waitForFunction(() => {
    const list = document.querySelector('main li[aria-posinset]')?.closest('section');
    return list !== null && list !== undefined && list.scrollHeight - list.scrollTop - list.clientHeight < 3;
  });
  await page.getByRole('button', { name: 'To the newest message' }).waitFor({ state: 'detached' });
});

test('a jump leads to the beginning, and one to what was found far back', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await Talk.open(page, house, conversationId);
  const { hits } = await house.owner.call('searchConversation', {
    params: { id: conversationId },
    query: { q: '"Number 101."' },
  });
  const found = hits[0]?.messageId ?? '';
  await page.goto(`${house.address}/c/${conversationId}?message=${found}`);
  await row(page, 101).getByText('Number 101.').waitFor();
  expect(await page.locator('main li[aria-posinset]').count()).toBeLessThan(MOST_ROWS);
  await page.getByRole('button', { name: 'To the newest message' }).click();
  await row(page, LENGTH).getByText(`Number ${LENGTH}.`).waitFor();
});

// In the usual run `room-scale.test.ts` counts what a streamed word costs.
test.runIf(isFull)('a word that streams in costs the page what it costs in a short conversation', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const short = await streamingCost(page, shortId);
  const long = await streamingCost(page, conversationId);
  // oxlint-disable-next-line no-console -- a figure for whoever asks for it
  console.error(`a streamed reply: ${JSON.stringify({ short, long })}`);
  expect(long.elements).toBeLessThan(MOST_ELEMENTS);
  expect(long.script).toBeLessThan(Math.max(short.script, LEAST_SCRIPT_IN_MS) * MOST_TIMES);
});

/** Milliseconds of script while a reply of 160 words comes in, and elements of the page after it. */
async function streamingCost(page: Page, id: string): Promise<{ script: number; elements: number }> {
  const talk = await Talk.open(page, house, id);
  const devtools = await page.context().newCDPSession(page);
  // The main thread's own time: what else the machine does meanwhile is not counted.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const script = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0) * 1000;
  };
  await talk.say('tide');
  await talk.writing('Mira', 'tide1');
  const before = await script();
  await talk.settled('Mira', TIDE_END);
  const spent = (await script()) - before;
  await devtools.detach();
  return { script: spent, elements: await page.locator('*').count() };
}

function row(page: Page, place: number) {
  return page.locator(`main li[aria-posinset="${place}"]`);
}

function list(page: Page) {
  return page.getByRole('region', { name: 'Messages' });
}

async function distanceToEnd(page: Page): Promise<number> {
  return await list(page).evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
}

async function scrollHeight(page: Page): Promise<number> {
  return await list(page).evaluate((element) => element.scrollHeight);
}

/** The first row that begins on screen and where, or where a certain row is; once several frames agree. */
async function settledTop(page: Page, wanted?: number): Promise<{ place: number; top: number }> {
  return await list(page).evaluate(async (element, certain) => {
    const look = () => {
      const frame = element.getBoundingClientRect();
      for (const item of element.querySelectorAll('li[aria-posinset]')) {
        const place = Number(item.getAttribute('aria-posinset'));
        const { top } = item.getBoundingClientRect();
        if (certain === undefined ? top >= frame.top : place === certain) return { place, top };
      }
      return { place: -1, top: -1 };
    };
    let seen = look();
    for (let same = 0; same < 5;) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const next = look();
      same = next.place === seen.place && next.top === seen.top ? same + 1 : 0;
      seen = next;
    }
    return seen;
  }, wanted);
}

/** Turns the wheel upwards over the messages until something is so. */
async function wheelUntil(page: Page, isSo: () => boolean): Promise<void> {
  await list(page).hover();
  while (!isSo()) {
    await page.mouse.wheel(0, -400);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

interface Gate {
  /** The next request for older messages; it waits until it is released. */
  next(): Promise<Route>;
  isHeld(): boolean;
  release(route: Route): Promise<void>;
}

async function gateOlderPages(page: Page): Promise<Gate> {
  let held: Route | null = null;
  let arrived = Promise.withResolvers<Route>();
  await page.route(/\/messages\?.*before=/, (route) => {
    held = route;
    arrived.resolve(route);
  });
  return {
    next: () => arrived.promise,
    isHeld: () => held !== null,
    release: async (route) => {
      held = null;
      arrived = Promise.withResolvers<Route>();
      await route.continue();
    },
  };
}
