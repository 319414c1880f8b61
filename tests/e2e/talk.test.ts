import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../integration/support/until.ts';
import { launchBrowser } from '../support/browser.ts';
import { Gate } from './support/gate.ts';
import { HouseProcess } from './support/house-process.ts';
import { gatedTide, TIDE_END, TIDE_REPLY } from './support/scripts.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { AS_INSTALLED, Visitor } from './support/visitor.ts';

let browser: Browser;
let house: HouseProcess;
/** Half-way in a greeting of the lighthouse, and in the tide. */
let gate: Gate;

beforeAll(async () => {
  gate = await Gate.build();
  const words = (...tokens: string[]) => ({ type: 'tokens' as const, tokens });
  const lighthouse = [words('Hello', ' lighthouse'), gate.step, words(' on this fine long evening of ours')];
  const script = gatedTide({ after: 30, gate });
  script.rules?.unshift({ when: { contains: 'lighthouse' }, steps: lighthouse });
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script })]);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
  await gate?.[Symbol.asyncDispose]();
});

test('from the first link to a talk: regenerate, swipe, edit, reload in the middle, stop', async () => {
  await using visitor = await Visitor.enter(browser, house, AS_INSTALLED);
  const { page } = visitor;
  await onboard(page);
  const talk = new Talk(page);
  await page.getByRole('heading', { level: 1, name: 'Mira' }).waitFor();
  expect((await talk.last('Mira').innerText()).length).toBeGreaterThan(40);

  // The first answer streams: its beginning is there while the end is not.
  await talk.say('Hello lighthouse');
  expect(await (await talk.writing('Mira', 'Hello lighthouse')).innerText()).not.toContain('of ours');
  await gate.open();
  const answer = await talk.settled('Mira', 'long evening of ours');

  // A second version beside the first, and back again.
  await gate.shut();
  await answer.getByRole('button', { name: 'Regenerate' }).click();
  await talk.writing('Mira', 'Hello');
  await gate.open();
  await (await talk.settled('Mira', 'evening of ours')).getByText('2 / 2', { exact: true }).waitFor();
  await talk.last('Mira').getByRole('button', { name: 'Previous version' }).click();
  await talk.last('Mira').getByText('1 / 2', { exact: true }).waitFor();
  await talk.last('Mira').getByRole('button', { name: 'Next version' }).click();
  await talk.last('Mira').getByText('2 / 2', { exact: true }).waitFor();

  // Another wording of one's own message, and its answer; the first wording stays beside it.
  await talk.last('You').hover();
  await talk.last('You').getByRole('button', { name: 'Edit', exact: true }).click();
  const editor = page.getByRole('textbox', { name: 'Edit the message' });
  expect(await editor.inputValue()).toContain('Hello lighthouse');
  await editor.fill('Good morning instead');
  await page.getByRole('button', { name: 'Save and reply' }).click();
  await talk.settled('Mira', 'Good morning instead');
  await talk.last('You').getByText('2 / 2', { exact: true }).waitFor();

  // Loaded again in the middle of a reply: it goes on from where it was.
  await gate.shut();
  await talk.say('Tell me of the tide');
  await talk.writing('Mira', 'tide20');
  await page.reload();
  expect(await (await talk.writing('Mira', 'tide20')).innerText()).not.toContain(TIDE_END);
  await gate.open();
  expect(await proseOf(await talk.settled('Mira', TIDE_END))).toBe(TIDE_REPLY);

  // Stopped: what was written stays.
  await talk.say('hang on');
  await talk.writing('Mira', 'turns once.');
  await talk.stop.click();
  const stopped = await talk.settled('Mira', 'The lamp turns once.');
  await stopped.getByText('Stopped. You can continue from here.').waitFor();
  await page.reload();
  await (await talk.settled('Mira', 'turns once.')).getByText('Stopped.').waitFor();
});

test('a message is deleted and brought back, and copied', async () => {
  await settleOwner(house);
  await using visitor = await Visitor.enter(browser, house, { permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = visitor;
  const talk = await Talk.open(page, house, await beginTalk(house));
  await talk.say('Keep the *red* lantern');
  const reply = await talk.settled('Mira', 'lantern');

  await reply.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Copy' }).click();
  await page.getByText('Copied').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('Keep the *red* lantern');

  await reply.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText('This message was deleted.').waitFor();
  expect(await talk.messages('Mira').count()).toBe(1);
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).click();
  await talk.settled('Mira', 'lantern');
  expect(await talk.messages('Mira').count()).toBe(2);
});

test('the receipt of a reply shows its segments', async () => {
  await settleOwner(house);
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const talk = await Talk.open(page, house, await beginTalk(house));
  await talk.say('What is in a prompt?');
  await (await talk.settled('Mira', 'prompt?')).getByRole('button', { name: 'Why this reply?' }).click();
  const receipt = page.getByRole('complementary', { name: 'Why this reply?' });
  for (const segment of [/^House rules/, /^Character/, /^Conversation/, /^Your message/]) {
    await receipt.getByText(segment).first().waitFor();
  }
  await receipt.getByText('Scripted model').waitFor();
  expect(await receipt.innerText()).toMatch(/Prompt · [\d,]+ tokens/i);
});

test('a reply goes on when its tab is closed and is whole on return', async () => {
  await settleOwner(house);
  await using visitor = await Visitor.enter(browser, house);
  const conversationId = await beginTalk(house);
  const first = await Talk.open(visitor.page, house, conversationId);
  await gate.shut();
  await first.say('Once more the tide');
  await first.writing('Mira', 'tide10');
  await visitor.page.close();

  const conversation = () => house.owner.call('conversation', { params: { id: conversationId } });
  expect((await conversation()).replying).toBe(true);
  await gate.open();
  await until('the reply ended while nobody looked', async () => !(await conversation()).replying);
  const back = await Talk.open(await visitor.context.newPage(), house, conversationId);
  expect(await proseOf(await back.settled('Mira', TIDE_END))).toBe(TIDE_REPLY);
});

async function onboard(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Hello' }).waitFor();
  await page.getByRole('radio', { name: '简体中文' }).check();
  await page.getByRole('heading', { name: '你好' }).waitFor();
  await page.getByRole('radio', { name: 'English' }).check();
  await page.getByRole('heading', { name: 'Hello' }).waitFor();
  const goOn = page.getByRole('button', { name: 'Go on' });
  expect(await goOn.isDisabled()).toBe(true);
  await page.getByRole('textbox', { name: 'What may the characters call you?' }).fill('Robin');
  await goOn.click();

  await page.getByRole('heading', { name: 'Who would you like to talk with?' }).waitFor();
  const models = page.getByRole('region', { name: 'Models' });
  await models.getByText('Scripted model').waitFor();
  await models.getByText('Recommended for this computer').waitFor();
  await models.getByText('Use a provider instead').waitFor();
  await page.getByRole('button', { name: 'Meet Mira' }).click();
  await page.waitForURL(/\/c\/[\w-]+$/);
}

/** The words of a message without its author and controls. */
async function proseOf(message: Locator): Promise<string> {
  return (await message.locator('p').first().innerText()).trim();
}
