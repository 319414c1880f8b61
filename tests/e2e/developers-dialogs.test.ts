import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import OpenAI from 'openai';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { settleOwner } from './support/talk.ts';
import { Visitor } from './support/visitor.ts';

let browser: Browser;
let house: HouseProcess;
let receiver: Server;
let hook: string;
const received: { headers: Record<string, string>; body: string }[] = [];

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  received.push({ headers, body: await text(request) });
  response.writeHead(200).end();
}

beforeAll(async () => {
  receiver = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const environment = { EVERWITH_PRIVATE_LINKS: '1' };
  [browser, house] = await Promise.all([
    launchBrowser(),
    HouseProcess.start({ script: { otherwise: 'echo' }, environment }),
  ]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
  receiver?.close();
});

test('every dialog of the console saves what was filled in, and a signed message comes of it', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const open = async (section: string, button?: string) => {
    await page.goto(`${house.address}/developers/${section}`);
    if (button !== undefined) await page.getByRole('main').getByRole('button', { name: button }).click();
  };
  const dialog = page.getByRole('dialog');
  const save = async () => {
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
  };

  await open('prices', 'Set prices');
  await dialog.getByLabel('A million tokens in').fill('2');
  await dialog.getByLabel('A million tokens out').fill('6.5');
  await save();
  const { prices } = await house.owner.call('prices');
  expect(prices[0]).toMatchObject({ ref: '*', prices: { outputPerMillion: 6_500_000_000 } });

  await open('routes', 'Add a route');
  await dialog.getByLabel('Name that requests use').fill('assistant');
  await dialog.getByLabel('Add a model').selectOption('scripted:test');
  await save();
  await page.getByRole('heading', { name: 'assistant' }).waitFor();

  await open('teams');
  await page.getByLabel('Name of the team').fill('Lighthouse');
  await page.getByRole('button', { name: 'Create team' }).click();
  await page.getByRole('heading', { name: 'Lighthouse' }).waitFor();

  const secret = await addWebhook(page, open);
  await open('limits', 'Add a budget');
  await dialog.getByLabel(/^Soft limit/).fill('0.000001');
  await dialog.getByLabel(/^Hard limit/).fill('20');
  await save();
  await page.getByLabel('Name of a plan').fill('Family');
  await page.getByLabel(/^Every month/).fill('5');
  await page.getByRole('button', { name: 'Create plan' }).click();
  await page.getByRole('button', { name: 'Remove the plan Family' }).waitFor();
  await page.getByLabel('Time zone').selectOption('Asia/Shanghai');
  await page.getByLabel('Currency', { exact: true }).selectOption('EUR');
  await page.getByRole('main').getByRole('button', { name: 'Save' }).click();
  await expect
    .poll(() => house.owner.call('booksSettings'))
    .toMatchObject({ currency: 'EUR', timeZone: 'Asia/Shanghai' });

  await spend();
  await expect.poll(() => received.length).toBeGreaterThan(0);
  const [{ headers, body } = { headers: {}, body: '' }] = received;
  const client = new OpenAI({ apiKey: 'none', webhookSecret: secret });
  expect(await client.webhooks.unwrap(body, headers)).toMatchObject({ type: 'limit.soft' });
  await expect(client.webhooks.unwrap(`${body} `, headers)).rejects.toThrow(/signature does not match/);

  await open('limits');
  await page.getByRole('button', { name: /^Credit of/ }).click();
  await dialog.getByLabel(/^Amount/).fill('3');
  await dialog.getByLabel('Note').fill('Thank you');
  await save();
  const { accounts } = await house.owner.call('bookAccounts');
  expect(accounts.find(({ id }) => id.startsWith('user:'))?.balance).toBeGreaterThan(2_900_000_000);

  await open('invoices');
  await page.getByRole('row', { name: /^assistant/ }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download CSV' }).click(),
  ]);
  expect(await text(await download.createReadStream())).toContain(',EUR');
  await page.goto(`${house.address}/settings/keys`);
  await page.waitForURL('**/developers/keys');
});

/** Returns its secret, which is shown once. */
async function addWebhook(page: Page, open: (section: string, button: string) => Promise<void>): Promise<string> {
  await open('webhooks', 'Add a webhook');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address').fill(hook);
  await dialog.getByLabel('limit.soft').check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  const secret = await page.getByRole('dialog', { name: 'The secret of the webhook' }).locator('code').innerText();
  expect(secret).toMatch(/^whsec_/);
  return secret;
}

async function spend(): Promise<void> {
  const { key } = await house.owner.call('createPlatformKey', { body: { name: 'A program' } });
  const client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
  const answer = await client.chat.completions.create({
    model: 'assistant',
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(answer.choices[0]?.message.content).toBe('Hello');
}
