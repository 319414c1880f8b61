import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isFull } from '../integration/support/test-database.ts';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { seedLongTalk } from './support/seed-long-talk.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { Visitor } from './support/visitor.ts';

const LENGTHS = isFull ? { short: 1000, long: 100_000 } : { short: 400, long: 2000 };
const PAGES_UP = isFull ? 4 : 1;
/** What a page shows of any conversation, elements of the frame included. */
const MOST_ELEMENTS = 1_500;
/** Script of a step in the long one against the short one. */
const MOST_TIMES = 2;
/** Below this a busy machine's noise is larger than what is measured. */
const LEAST_SCRIPT_IN_MS = 300;

interface Cost {
  /** Milliseconds of script. */
  script: number;
  elements: number;
}

let browser: Browser;
let house: HouseProcess;
const ids = { short: '', long: '' };

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script: playScript })]);
  await settleOwner(house);
  ids.short = await beginTalk(house);
  ids.long = await beginTalk(house);
  const { id: ownerId } = await house.owner.call('me');
  await house.close();
  for (const kind of ['short', 'long'] as const) {
    const { dataDirectory } = house;
    const length = LENGTHS[kind];
    await seedLongTalk({ dataDirectory, conversationId: ids[kind], ownerId, length, searchedEvery: 100 });
  }
  await house.open();
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

test('a way far back, a branch there and the way to the end cost a page what they cost in a short conversation', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const costs = {
    short: await journey(page, { id: ids.short, length: LENGTHS.short }),
    long: await journey(page, { id: ids.long, length: LENGTHS.long }),
  };
  // oxlint-disable-next-line no-console -- a figure for whoever asks for it
  console.error(`a journey of ${LENGTHS.short} and of ${LENGTHS.long} messages: ${JSON.stringify(costs)}`);
  for (const [step, { script, elements }] of Object.entries(costs.long)) {
    expect(elements, step).toBeLessThan(MOST_ELEMENTS);
    const reference = Math.max(costs.short[step]?.script ?? 0, LEAST_SCRIPT_IN_MS);
    expect(script, step).toBeLessThan(reference * MOST_TIMES);
  }
});

/** Opens, scrolls up, jumps into the middle by a search, branches there, and goes back to where the other path ends. */
async function journey(page: Page, { id, length }: { id: string; length: number }): Promise<Record<string, Cost>> {
  const costs: Record<string, Cost> = {};
  const devtools = await page.context().newCDPSession(page);
  // The main thread's own time: what else the machine does meanwhile is not counted.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const step = async (name: string, work: () => Promise<unknown>, isNewPage = false) => {
    const before = isNewPage ? 0 : await scriptOf(devtools);
    await work();
    costs[name] = { script: (await scriptOf(devtools)) - before, elements: await page.locator('*').count() };
  };
  const middle = length / 2 + 1;
  await page.goto('about:blank');
  await step(
    'open',
    async () => {
      await Talk.open(page, house, id);
      await row(page, length).getByText(`Number ${length}.`).waitFor();
    },
    true,
  );
  await step('scroll up', () => scrollUp(page, PAGES_UP));
  await step('jump to the middle', async () => {
    await page.keyboard.press('Control+F');
    const box = page.getByRole('searchbox', { name: 'Find in this conversation' });
    await box.fill(`"Number ${middle}."`);
    await page.getByRole('status').filter({ hasText: '1 match' }).waitFor();
    await box.press('Enter');
    await row(page, middle).getByText(`Number ${middle}.`).waitFor();
    await box.press('Escape');
  });
  await step('branch there', async () => {
    await row(page, middle).hover();
    await row(page, middle).getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Branch here' }).click();
    await page.getByText('The path ends here now.', { exact: false }).waitFor();
    await row(page, middle + 1).waitFor({ state: 'detached' });
  });
  await step('back to the end', async () => {
    await page.getByRole('button', { name: 'Undo' }).click();
    await row(page, length).getByText(`Number ${length}.`).waitFor();
  });
  await devtools.detach();
  return costs;
}

async function scriptOf(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0) * 1000;
}

async function scrollUp(page: Page, pages: number): Promise<void> {
  let read = 0;
  page.on('response', (response) => {
    if (new URL(response.url()).searchParams.has('before')) read += 1;
  });
  await page.getByRole('region', { name: 'Messages' }).hover();
  const isThere = () => read >= pages;
  while (!isThere()) {
    await page.mouse.wheel(0, -400);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

function row(page: Page, place: number) {
  return page.locator(`main li[aria-posinset="${place}"]`);
}
