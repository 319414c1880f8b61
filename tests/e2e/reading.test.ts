import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { Gate } from './support/gate.ts';
import { HouseProcess } from './support/house-process.ts';
import { gatedTide, TIDE_END } from './support/scripts.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { PHONE, Visitor } from './support/visitor.ts';

const LONG_WORDS = 'The lamp turned, the gulls were quiet, and nobody spoke for a while. '.repeat(8);

let browser: Browser;
let house: HouseProcess;
/** Two stops of the tide. */
let gates: [Gate, Gate];

beforeAll(async () => {
  gates = await Promise.all([Gate.build(), Gate.build()]);
  const script = gatedTide({ after: 70, gate: gates[0] }, { after: 110, gate: gates[1] });
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script })]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
  for (const gate of gates ?? []) await gate[Symbol.asyncDispose]();
});

test.each(['no-preference', 'reduce'] as const)(
  'a conversation opens at its end, also when its letters and its markdown arrive late (motion: %s)',
  async (reducedMotion) => {
    const list = Array.from({ length: 8 }, (_, index) => `- lantern ${index + 1}`).join('\n');
    const id = await talkOf([LONG_WORDS, `${LONG_WORDS}\n\n${list}`, `${LONG_WORDS}\n\n## In the end\n\n${list}`]);
    await using visitor = await Visitor.enter(browser, house, { reducedMotion });
    const { page } = visitor;
    const late = Promise.withResolvers<void>();
    await page.route(/\.woff2$|rich-prose[^/]*\.js$/, async (route) => {
      await late.promise;
      await route.continue();
    });
    const talk = await Talk.open(page, house, id);
    await talk.messages().first().waitFor();
    expect(await talk.messages().getByRole('listitem').count()).toBe(0);
    late.resolve();
    await talk.last('You').getByText('lantern 8', { exact: true }).waitFor();
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    await atEnd(page);
  },
);

test('who reads along sees the newest words, who has scrolled up stays there', async () => {
  const id = await talkOf(['Long ago', LONG_WORDS]);
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE });
  const { page } = visitor;
  const talk = await Talk.open(page, house, id);
  await talk.say('Tell me of the tide');
  await talk.writing('Mira', 'tide60');
  await atEnd(page);

  const list = page.getByRole('region', { name: 'Messages' });
  await list.hover();
  const distance = () => list.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
  await page.mouse.wheel(0, -300);
  await expect.poll(distance).toBeGreaterThan(200);
  const top = await list.evaluate((element) => element.scrollTop);
  await gates[0].open();
  await talk.writing('Mira', 'tide100');
  expect(await list.evaluate((element) => element.scrollTop)).toBe(top);
  await page.getByRole('button', { name: 'To the newest message' }).click();
  await gates[1].open();
  await talk.settled('Mira', TIDE_END);
  await atEnd(page);
});

async function atEnd(page: Page): Promise<void> {
  const list = page.getByRole('region', { name: 'Messages' });
  const distance = () => list.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
  await expect.poll(distance).toBeLessThan(3);
}

/** A conversation with Mira in which these things have been said, and answered with themselves. */
async function talkOf(words: readonly string[]): Promise<string> {
  const { owner } = house;
  const id = await beginTalk(house);
  for (const text of words) {
    await owner.call('sendMessage', { params: { id }, body: { text, clientId: crypto.randomUUID(), reply: false } });
  }
  return id;
}
