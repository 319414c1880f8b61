import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isFull } from '../integration/support/test-database.ts';
import { launchBrowser } from '../support/browser.ts';
import { accessProblems } from './support/access-problems.ts';
import { prepareGrounds } from './support/grounds.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { SIGHTS, type Grounds, type Sight } from './support/sights.ts';
import { DESKTOP, PHONE, Visitor } from './support/visitor.ts';

/** The narrowest phones in use. */
const NARROW = { width: 360, height: 640 };
/** WCAG 2.2, 2.5.8 Target Size (Minimum), CSS pixels. */
const TARGET = 24;

/** All sights of one look with axe take a minute or two; a machine that others use needs longer. */
const LIMIT_IN_MS = 900_000;

interface Look {
  locale: 'en' | 'zh-CN';
  colorScheme: 'light' | 'dark';
  viewport: typeof DESKTOP;
}

/** Each pair of two of language, appearance and size occurs once (an orthogonal array of strength 2). */
const ALL_LOOKS: readonly Look[] = [
  { locale: 'en', colorScheme: 'light', viewport: DESKTOP },
  { locale: 'zh-CN', colorScheme: 'dark', viewport: DESKTOP },
  { locale: 'en', colorScheme: 'dark', viewport: PHONE },
  { locale: 'zh-CN', colorScheme: 'light', viewport: PHONE },
];

/** Each language, appearance and size occurs once. Only under `--full` is every page seen in every look. */
const SAMPLE: readonly Look[] = [
  { locale: 'en', colorScheme: 'light', viewport: DESKTOP },
  { locale: 'zh-CN', colorScheme: 'dark', viewport: PHONE },
];
const LOOKS = isFull ? ALL_LOOKS : SAMPLE;

let browser: Browser;
let house: HouseProcess;
/** One whose owner has not been asked anything yet. */
let newHouse: HouseProcess;
let grounds: Grounds;

beforeAll(async () => {
  [browser, house, newHouse] = await Promise.all([
    launchBrowser(),
    HouseProcess.start({ script: playScript }),
    HouseProcess.start({ script: playScript }),
  ]);
  grounds = await prepareGrounds(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
  await newHouse?.[Symbol.asyncDispose]();
});

test.each(LOOKS)(
  'every page is accessible to all in $locale, $colorScheme, $viewport.width px wide',
  async (look) => {
    const isPhone = look.viewport === PHONE;
    const problems: string[] = [];
    await seeAll(look, async (page, { name }) => {
      problems.push(...(await accessProblems(page)).map((problem) => `${name}: ${problem}`));
      if (!isPhone) return;
      await page.setViewportSize(NARROW);
      problems.push(
        ...(await settledLayoutProblems(page)).map((problem) => `${name}, ${NARROW.width} px wide: ${problem}`),
      );
      await page.setViewportSize(PHONE);
    });
    expect(problems.join('\n')).toBe('');
  },
  LIMIT_IN_MS,
);

/** The sights of one look: all of them, or in a sample those whose turn it is, so that each page is seen once. */
function sightsOf(look: Look): readonly Sight[] {
  if (isFull) return SIGHTS;
  return SIGHTS.filter((_sight, index) => index % SAMPLE.length === SAMPLE.indexOf(look));
}

/** Leads a visitor of each kind through the sights of a look. */
async function seeAll(look: Look, see: (page: Page, sight: Sight) => Promise<void>): Promise<void> {
  for (const as of ['nobody', 'nameless', 'newcomer', 'owner'] as const) {
    const { locale } = look;
    const at = as === 'nameless' ? newHouse : house;
    if (at === house) await house.owner.call('updateMe', { body: { locale, onboarded: as === 'owner' } });
    else await newHouse.owner.call('updateMe', { body: { locale } });
    const isOutside = as === 'nobody';
    await using visitor = isOutside ? await Visitor.come(browser, look) : await Visitor.enter(browser, at, look);
    for (const sight of sightsOf(look).filter((one) => one.as === as)) {
      await visitor.page.goto(`${at.address}${sight.path(grounds)}`);
      await sight.reach(visitor.page);
      await see(visitor.page, sight);
    }
  }
}

/** What is still wrong some frames after a change of size: menus and lists take their new places by then. */
async function settledLayoutProblems(page: Page): Promise<string[]> {
  for (let frame = 0; ; frame += 1) {
    const problems = await layoutProblems(page);
    if (problems.length === 0 || frame === 20) return problems;
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

/** What is cut off, out of sight, or too small for a finger. */
async function layoutProblems(page: Page): Promise<string[]> {
  return await page.evaluate((least) => {
    const problems: string[] = [];
    const describeElement = (element: Element) => element.outerHTML.slice(0, 140);
    const width = document.documentElement.clientWidth;
    for (const element of document.querySelectorAll('html, body, body *')) {
      const style = getComputedStyle(element);
      const scrolls = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
      if (!scrolls || !['auto', 'scroll', 'visible'].includes(style.overflowX)) continue;
      // Tables and code of a message may scroll by themselves; a page may not.
      const isPage = element === document.documentElement || style.overflowY === 'auto' || style.overflowY === 'scroll';
      if (isPage && element.closest('pre, table, nav ul') === null)
        problems.push(`scrolls sideways: ${describeElement(element)}`);
    }
    for (const element of document.querySelectorAll(
      'a[href], button, input, textarea, select, summary, [role=menuitem]',
    )) {
      if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
      const box = (element.closest('label') ?? element).getBoundingClientRect();
      const inSentence = element.tagName === 'A' && getComputedStyle(element).display === 'inline';
      if (box.width === 0 || box.bottom < 0 || inSentence) continue;
      if (box.width < least || box.height < least)
        problems.push(`too small (${box.width}×${box.height}): ${describeElement(element)}`);
      if (box.right > width + 1 || box.left < -1) problems.push(`beyond the edge: ${describeElement(element)}`);
    }
    const composer = document.querySelector('form textarea[enterkeyhint=send]');
    if (composer !== null) {
      const { top, bottom } = composer.getBoundingClientRect();
      if (top < 0 || bottom > innerHeight) problems.push(`the message box is out of sight (${top}–${bottom})`);
    }
    return problems;
  }, TARGET);
}
