import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { accessProblems } from './support/access-problems.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { settleOwner } from './support/talk.ts';
import { DESKTOP, PHONE, Visitor } from './support/visitor.ts';

let browser: Browser;
let house: HouseProcess;
let visitor: Visitor;

beforeAll(async () => {
  const script = { ...playScript, embeddings: [{ name: 'words' }, { name: 'wide', dimensions: 512 }] };
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script })]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

afterEach(() => visitor[Symbol.asyncDispose]());

test.each([
  ['a phone', PHONE, 'light'],
  ['a desktop', DESKTOP, 'dark'],
] as const)(
  'the model of memory is chosen on %s, and memory can stay by words',
  async (_name, viewport, colorScheme) => {
    await house.owner.call('chooseEmbedding', { body: { ref: 'scripted:words' } });
    visitor = await Visitor.enter(browser, house, { viewport, colorScheme });
    const { page } = visitor;
    await page.goto(`${house.address}/settings/models`);
    const memory = page.getByRole('region', { name: 'Memory', exact: true });
    const row = (name: string) => memory.getByRole('listitem').filter({ hasText: name });
    await row('(words)').getByText('In use').waitFor();
    await row('recommended here').filter({ hasText: 'Multilingual E5 small' }).waitFor();
    await row('BGE-M3')
      .getByText(/0\.63 GB/)
      .waitFor();

    await memory.getByRole('button', { name: 'Use Scripted embeddings (wide)' }).click();
    await row('(wide)').getByText('In use').waitFor();
    await memory.getByRole('button', { name: 'Use By words only' }).click();
    await row('By words only').getByText('In use').waitFor();
    await expect.poll(async () => (await house.owner.call('embeddings')).inUse).toBeNull();

    // This house may not fetch anything: what is asked for is refused in words.
    await memory.getByRole('button', { name: 'Fetch Multilingual E5 small', exact: true }).click();
    await page.getByText('This house is set to be offline, so nothing is downloaded.').waitFor();

    expect(await accessProblems(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  },
);
