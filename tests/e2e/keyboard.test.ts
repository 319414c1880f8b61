import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { Visitor } from './support/visitor.ts';

const PASSWORD = 'a lamp in the window';
/** No page has so many stops that this is not more than all. */
const MOST_STOPS = 150;

let browser: Browser;
let house: HouseProcess;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script: playScript })]);
  await settleOwner(house);
  await house.owner.call('setPassword', { body: { username: 'robin', password: PASSWORD } });
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

test('without a mouse: sign in, find a character, talk, stop, open the settings', async () => {
  await using visitor = await Visitor.come(browser);
  const { page } = visitor;
  const { keyboard } = page;
  await page.goto(`${house.address}/sign-in`);
  await page.getByRole('textbox', { name: 'Sign-in name' }).waitFor();
  await tabTo(page, 'Sign-in name');
  await keyboard.type('robin');
  await keyboard.press('Tab');
  await keyboard.type(PASSWORD);
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'It is quiet here' }).waitFor();

  await keyboard.press('Control+Shift+O');
  await page.getByRole('heading', { level: 1, name: 'Characters' }).waitFor();
  await tabTo(page, /^Mira/);
  await keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Mira' }).waitFor();
  await tabTo(page, 'Talk with Mira');
  await keyboard.press('Enter');
  await page.waitForURL(/\/c\//);
  const talk = new Talk(page);
  await talk.box.waitFor();
  await tabTo(page, 'Message to Mira');
  await keyboard.type('Please hang on');
  await keyboard.press('Enter');
  await talk.writing('Mira', 'turns once.');
  await tabTo(page, 'Stop the reply');
  await keyboard.press('Enter');
  await talk.settled('Mira', 'Stopped.');

  await keyboard.press('Control+.');
  await page.getByRole('navigation', { name: 'Settings sections' }).waitFor();
  await tabTo(page, 'Keyboard');
  await keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Keyboard' }).waitFor();
});

test('the keys of a conversation do what the keyboard page says', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const { keyboard } = page;
  const talk = await Talk.open(page, house, await beginTalk(house));

  await keyboard.press('Shift+Escape');
  await keyboard.type('First line');
  await keyboard.press('Shift+Enter');
  await keyboard.type('second line');
  await keyboard.press('Enter');
  await talk.settled('Mira', /First line\s+second line/);

  await keyboard.press('Control+Enter');
  await (await talk.settled('Mira', 'second line')).getByText('2 / 2', { exact: true }).waitFor();
  await keyboard.press('ArrowLeft');
  await talk.last('Mira').getByText('1 / 2', { exact: true }).waitFor();
  await keyboard.press('ArrowRight');
  await talk.last('Mira').getByText('2 / 2', { exact: true }).waitFor();
  await keyboard.press('Alt+Enter');
  await (await talk.settled('Mira', 'second line')).getByText('3 / 3', { exact: true }).waitFor();

  const editor = page.getByRole('textbox', { name: 'Edit the message' });
  await keyboard.press('ArrowUp');
  await editor.waitFor();
  await keyboard.press('Escape');
  await editor.waitFor({ state: 'detached' });
  await keyboard.press('Control+ArrowUp');
  await editor.fill('Now hang, please');
  await keyboard.press('Control+Enter');
  await talk.writing('Mira', 'turns once.');
  await keyboard.press('Escape');
  await talk.settled('Mira', 'Stopped.');
  await keyboard.press('Control+ArrowUp');
  await editor.fill('Only saved');
  await keyboard.press('Control+S');
  await editor.waitFor({ state: 'detached' });
  await talk.last('You').getByText('Only saved').waitFor();

  await keyboard.press('Control+K');
  await page.getByRole('combobox', { name: 'A name, a word that was said, a command' }).waitFor();
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await keyboard.press('Control+Shift+S');
  await page.getByRole('navigation', { name: 'Main' }).waitFor({ state: 'detached' });
  await keyboard.press('Control+Shift+S');
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  await keyboard.press('Control+/');
  await page.getByRole('heading', { level: 1, name: 'Keyboard' }).waitFor();
});

test('Tab reaches everything, is nowhere caught, and where it is can be seen', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const conversationId = await beginTalk(house);
  for (const path of [`/c/${conversationId}`, '/characters', '/characters/new', '/settings/account']) {
    await page.goto(`${house.address}${path}`);
    await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
    const { stops, unseen } = await walk(page);
    expect(unseen, `focus that cannot be seen on ${path}`).toEqual([]);
    const reachable = await page.evaluate(() => {
      const all = document.querySelectorAll(
        'a[href], button:not([disabled]), input:not([disabled]), textarea, select, summary',
      );
      const shown = (element: Element) => element.checkVisibility({ checkVisibilityCSS: true });
      return [...all].filter((element) => shown(element) && element.getAttribute('tabindex') !== '-1').length;
    });
    // Radio buttons of one group are one stop, so a walk may have fewer stops than there are controls.
    const radios = await page.getByRole('radio').count();
    expect(stops, `stops on ${path}`).toBeGreaterThanOrEqual(reachable - radios);
  }
});

/** Presses Tab until a control of that name has the focus. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const target = page.locator(':focus');
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const found = await target.evaluateAll((elements) =>
      elements.map((element) => {
        const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
        return element.getAttribute('aria-label') ?? label ?? element.textContent.trim();
      }),
    );
    if (found.some((words) => (typeof name === 'string' ? words.replace(/ \*$/, '') === name : name.test(words))))
      return;
  }
  throw new Error(`Tab never came to ${String(name)}.`);
}

/** Once round the page with Tab: how many stops there are, and those that look no different with the focus. */
async function walk(page: Page): Promise<{ stops: number; unseen: string[] }> {
  const unseen: string[] = [];
  let stops = 0;
  for (; stops < MOST_STOPS; stops += 1) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(async () => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return 'over';
      if (element.dataset['walked'] === 'yes') return 'again';
      element.dataset['walked'] = 'yes';
      // Colours may take a moment to change.
      const settle = () =>
        Promise.allSettled(
          document.getAnimations().flatMap((moving) => (moving instanceof CSSTransition ? [moving.finished] : [])),
        );
      const looks = () => {
        const chain: string[] = [];
        for (
          let node: Element | null = element, depth = 0;
          node !== null && depth < 4;
          node = node.parentElement, depth += 1
        ) {
          const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor, transform } =
            getComputedStyle(node);
          chain.push(outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor, transform);
        }
        return chain.join('|');
      };
      await settle();
      const focused = looks();
      element.blur();
      await settle();
      const plain = looks();
      element.focus();
      return focused === plain ? element.outerHTML.slice(0, 160) : 'seen';
    });
    if (seen === 'over' || seen === 'again') return { stops, unseen };
    if (seen !== 'seen') unseen.push(seen);
  }
  throw new Error('The walk with Tab does not end: the focus is caught somewhere.');
}
