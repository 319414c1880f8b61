import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { launchBrowser } from '../support/browser.ts';
import { Gate } from './support/gate.ts';
import { HouseProcess } from './support/house-process.ts';
import { gatedTide } from './support/scripts.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { Visitor } from './support/visitor.ts';

let browser: Browser;
let house: HouseProcess;
/** Nobody opens it: the tide is stopped. */
let gate: Gate;

beforeAll(async () => {
  gate = await Gate.build();
  const script = gatedTide({ after: 20, gate });
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script })]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
  await gate?.[Symbol.asyncDispose]();
});

test('two tabs stay in step: words, versions, what was deleted', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const conversationId = await beginTalk(house);
  const left = await Talk.open(visitor.page, house, conversationId);
  const right = await Talk.open(await visitor.context.newPage(), house, conversationId);

  // Sent on the left, it streams on the right, too.
  await left.say('Come and see the tide');
  await right.last('You').getByText('Come and see the tide').waitFor();
  await right.writing('Mira', 'tide5');
  await right.stop.click();
  await left.settled('Mira', 'tide5');
  await left.last('Mira').getByText('Stopped.').waitFor();

  // A swipe on the right turns the page on the left.
  await right.last('You').hover();
  await right.last('You').getByRole('button', { name: 'Edit', exact: true }).click();
  await right.page.getByRole('textbox', { name: 'Edit the message' }).fill('No, stay here');
  await right.page.getByRole('button', { name: 'Save and reply' }).click();
  await left.settled('Mira', 'No, stay here');
  await right.settled('Mira', 'No, stay here');
  // That the path was moved is told where it was not done, until it leads back.
  const note = (talk: Talk) => talk.page.getByText('The conversation went on elsewhere.');
  await note(left).waitFor();
  await right.last('You').getByRole('button', { name: 'Previous version' }).click();
  await left.last('You').getByText('Come and see the tide').waitFor();
  await left.settled('Mira', 'tide5');
  await note(left).waitFor({ state: 'hidden' });
  await right.last('You').getByRole('button', { name: 'Next version' }).click();
  await note(left).waitFor();
  await left.page.getByRole('button', { name: 'Go back' }).click();
  await right.last('You').getByText('Come and see the tide').waitFor();
  await note(right).waitFor();
  await right.page.getByRole('button', { name: 'Stay here' }).click();
  await note(right).waitFor({ state: 'hidden' });

  // Deleted on the left, gone on the right.
  await left.last('Mira').getByRole('button', { name: 'More' }).click();
  await left.page.getByRole('menuitem', { name: 'Delete' }).click();
  await right.page.getByText('This message was deleted.').waitFor();
});

test('a change that comes too late is refused kindly, and the page shows the newest state', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const conversationId = await beginTalk(house);
  const talk = await Talk.open(visitor.page, house, conversationId);
  await talk.say('One red lantern');
  const reply = await talk.settled('Mira', 'One red lantern');

  // What another tab did meanwhile, and this one has not heard of: its request names an older revision.
  const address = '**/api/conversations/*/replies';
  await visitor.page.route(address, async (route) => {
    const body = z.looseObject({}).parse(route.request().postDataJSON());
    await route.continue({ postData: { ...body, expectedRevision: 0 } });
  });
  await reply.getByRole('button', { name: 'Regenerate' }).click();
  const notices = visitor.page.getByRole('region', { name: 'Notices' });
  await notices.getByText(/^It was changed somewhere else meanwhile\. .* please try again\.$/).waitFor();
  expect(await talk.messages().count()).toBe(3);
  await visitor.page.unroute(address);
  await reply.getByRole('button', { name: 'Regenerate' }).click();
  await (await talk.settled('Mira', 'One red lantern')).getByText('2 / 2', { exact: true }).waitFor();
});

test('who speaks while a reply is being written interrupts it, in every tab', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const conversationId = await beginTalk(house);
  const left = await Talk.open(visitor.page, house, conversationId);
  const right = await Talk.open(await visitor.context.newPage(), house, conversationId);
  await left.say('Please hang on');
  await right.writing('Mira', 'turns once.');
  await right.say('Are you still there?');
  for (const talk of [left, right]) {
    await talk.settled('Mira', 'Are you still there?');
    await talk.messages('Mira').filter({ hasText: 'The lamp turns once.' }).getByText('Stopped here.').waitFor();
    expect(await talk.messages('You').count()).toBe(2);
  }
});
