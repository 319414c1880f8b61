import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { PHONE, Visitor } from './support/visitor.ts';

const HONEST_SERVER = join(import.meta.dirname, '..', 'support', 'tool-servers', 'honest-server.ts');

let browser: Browser;
let house: HouseProcess;

beforeAll(async () => {
  const script = {
    rules: [
      {
        when: { contains: 'sum' },
        steps: [
          { type: 'tokens' as const, tokens: ['Let me', ' count.'] },
          { type: 'tool-call' as const, tool: 'add', input: { a: 20, b: 22 } },
        ],
      },
      { when: { toolResult: '42' }, steps: [{ type: 'tokens' as const, tokens: ['It is 42.'] }] },
      { when: { toolResult: 'not allow' }, steps: [{ type: 'tokens' as const, tokens: ['Then I will guess.'] }] },
    ],
    otherwise: 'echo' as const,
  };
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script })]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

async function expectNoFaults(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 160))])).toEqual([]);
}

test('a server is added, its tool switched on, a call allowed and read', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/settings/tools`);
  await page.getByRole('button', { name: 'Add a server' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Workshop');
  await page.getByRole('textbox', { name: 'Program' }).fill(process.execPath);
  await page.getByRole('textbox', { name: 'Arguments, one a line' }).fill(HONEST_SERVER);
  await page.getByRole('textbox', { name: /^Environment/ }).fill('API_KEY=sk-never-shown');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Show the tools of Workshop').click();
  await page.getByText('Adds a and b and returns the sum.').waitFor();
  expect(await page.content()).not.toContain('sk-never-shown');
  await expectNoFaults(page);

  const talk = await Talk.open(page, house, await beginTalk(house));
  await page.getByRole('button', { name: 'Conversation menu' }).click();
  await page.getByRole('menuitem', { name: 'Tools' }).click();
  await page.getByRole('switch', { name: 'Add two numbers' }).click();
  await page.getByRole('combobox', { name: 'When Add two numbers is called' }).waitFor();
  await expectNoFaults(page);
  await page.getByRole('button', { name: 'Done' }).click();

  await talk.say('the sum please');
  const question = page.getByRole('dialog', { name: 'May Mira use Add two numbers?' });
  await question.waitFor();
  expect(await question.innerText()).toContain('"a": 20');
  expect(await question.innerText()).toContain('says it only reads');
  await expectNoFaults(page);
  await question.getByRole('button', { name: 'Allow once' }).click();
  const reply = await talk.settled('Mira', 'It is 42.');
  await reply.getByText('Add two numbers').click();
  await reply.getByText('What it gave back').waitFor();
  expect(await reply.locator('pre').last().innerText()).toBe('42');
});

test('on a phone in the dark the question is a sheet, and Escape refuses', async () => {
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE, colorScheme: 'dark' });
  const { page } = visitor;
  const id = await beginTalk(house);
  const { servers } = await house.owner.call('toolServers');
  const serverId = servers[0]?.id ?? '';
  await house.owner.call('chooseTool', { params: { id }, body: { serverId, for: 'conversation', on: true } });
  const talk = await Talk.open(page, house, id);
  await talk.say('the sum please');
  const question = page.getByRole('dialog', { name: 'May Mira use Add two numbers?' });
  await question.waitFor();
  await expectNoFaults(page);
  await page.keyboard.press('Escape');
  const reply = await talk.settled('Mira', 'Then I will guess.');
  await reply.getByText('not allowed').waitFor();
});
