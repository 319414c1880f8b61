import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededNumbers } from '../../src/base/seeded-numbers.ts';
import { launchBrowser } from '../support/browser.ts';
import {
  controlsOf,
  isMore,
  SIGN_OF_LIFE,
  sightOf,
  tryControl,
  watchLife,
  type Control,
} from './support/control-walk.ts';
import { prepareGrounds } from './support/grounds.ts';
import { HouseProcess } from './support/house-process.ts';
import { comeAsGuest } from './support/room.ts';
import { playScript } from './support/scripts.ts';
import { MORE_SIGHTS, SIGHTS, type Grounds, type Sight } from './support/sights.ts';
import { PHONE, Visitor } from './support/visitor.ts';

/** Under `--full` every control of every page; else those that a seed picks. */
const isFull = process.env['EVERWITH_FULL'] === '1';
const SEED = Number(process.env['EVERWITH_WALK_SEED'] ?? 7);
/** Time that a sample takes, ms, for all visitors together. */
const SAMPLE_TIME = 45_000;

let browser: Browser;
let house: HouseProcess;
let grounds: Grounds;
beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script: playScript })]);
  grounds = await prepareGrounds(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

/** What was used already, wherever it stood: the rail and its like are the same on every page. */
const used = new Set<string>();
const random = seededNumbers(SEED);

/** Walks over sights; returns what is dead. Nothing that a press asks of the server is done there. */
async function walk(page: Page, sights: readonly Sight[], until: number): Promise<{ dead: string[]; pressed: number }> {
  const dead: string[] = [];
  let pressed = 0;
  used.clear();
  await watchLife(page);
  const order = isFull
    ? [...sights]
    : sights
        .map((sight) => ({ sight, at: random() }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ sight }) => sight);
  for (const sight of order) {
    if (Date.now() > until) break;
    const come = async () => {
      await page.unroute('**/api/**');
      await page.goto(`${house.address}${sight.path(grounds)}`);
      await sight.reach(page);
      await page.route('**/api/**', (route) => (route.request().method() === 'GET' ? route.fallback() : route.abort()));
    };
    await come();
    const controls = await controlsOf(page);
    for (const { key, state } of controls)
      if (state === 'unexplained') dead.push(`${sight.name}: ${key} is disabled without a reason`);
    const fresh = controls.filter(({ key, place, state }) => place === 0 && state === 'usable' && !used.has(key));
    const sample = isFull ? fresh : fresh.filter((_, index) => index === 0 || random() < 0.4);
    for (const control of sample) {
      if (Date.now() > until) break;
      used.add(control.key);
      pressed += 1;
      const before = await sightOf(page);
      if ((await tryControl(page, control)) === null) dead.push(`${sight.name}: ${control.key} does nothing`);
      dead.push(...(await walkMenu(page, { sight, control, come, before })));
      if (!(await isAsBefore(page, { controls, address: `${house.address}${sight.path(grounds)}` }))) await come();
    }
  }
  return { dead, pressed };
}

/** Every item of a menu that has just opened. */
async function walkMenu(
  page: Page,
  { sight, control, come, before }: { sight: Sight; control: Control; come: () => Promise<void>; before: string },
): Promise<string[]> {
  const dead: string[] = [];
  const address = page.url();
  if ((await page.getByRole('menu').count()) === 0) return dead;
  const items = (await controlsOf(page)).filter(
    ({ state, key }) => state === 'usable' && !used.has(`${control.key} ${key}`),
  );
  for (const item of isFull ? items : items.slice(0, 3)) {
    used.add(`${control.key} ${item.key}`);
    if ((await page.getByRole('menu').count()) === 0) {
      await come();
      await tryControl(page, control);
    }
    if ((await tryControl(page, item, isMore)) !== null) continue;
    // A menu that closes is no answer: what the item does is.
    const isChanged = async () => page.url() !== address || (await sightOf(page)) !== before;
    const alive = await expect
      .poll(isChanged, { timeout: SIGN_OF_LIFE, interval: 50 })
      .toBe(true)
      .then(
        () => true,
        () => false,
      );
    if (!alive) dead.push(`${sight.name}: ${control.key}, ${item.key} does nothing`);
  }
  return dead;
}

/** After Escape the page is what it was. */
async function isAsBefore(
  page: Page,
  { controls, address }: { controls: readonly Control[]; address: string },
): Promise<boolean> {
  for (let tries = 0; tries < 2 && page.url() === address; tries += 1) {
    if ((await page.locator('[role=menu], [role=dialog]').count()) === 0) break;
    await page.keyboard.press('Escape');
  }
  if (page.url() !== address) return false;
  const names = (some: readonly Control[]) => some.map(({ key, state }) => `${key} ${state}`).join('\n');
  const now = await controlsOf(page).catch(() => []);
  return names(now) === names(controls);
}

test.each(['owner', 'guest'] as const)(
  'no control is dead for the %s',
  async (as) => {
    const until = isFull ? Number.POSITIVE_INFINITY : Date.now() + SAMPLE_TIME / 2;
    await using visitor =
      as === 'owner'
        ? await Visitor.enter(browser, house)
        : await comeAsGuest({ browser, house, id: grounds.roomId }, 'Wanda', { viewport: PHONE, hasTouch: true });
    const guests: Sight[] = [
      {
        name: 'rooms of a guest',
        as: 'owner',
        path: () => '/',
        reach: (page) => page.locator('a[href^="/c/"]').first().waitFor(),
      },
      {
        name: 'room of a guest',
        as: 'owner',
        path: ({ roomId }) => `/c/${roomId}`,
        reach: (page) => page.locator('form textarea').first().waitFor(),
      },
    ];
    const sights = as === 'guest' ? guests : [...MORE_SIGHTS, ...SIGHTS].filter((sight) => sight.as === 'owner');
    const { dead, pressed } = await walk(visitor.page, sights, until);
    expect(dead.join('\n')).toBe('');
    // How far a sample comes depends on the machine.
    expect(pressed).toBeGreaterThan(isFull && as === 'owner' ? 150 : 0);
  },
  isFull ? 1_200_000 : 480_000,
);
