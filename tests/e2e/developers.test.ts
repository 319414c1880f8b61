import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { settleOwner } from './support/talk.ts';
import { Visitor } from './support/visitor.ts';

const run = promisify(execFile);

let browser: Browser;
let house: HouseProcess;

beforeAll(async () => {
  [browser, house] = await Promise.all([
    launchBrowser(),
    HouseProcess.start({
      script: {
        rules: [
          {
            when: { contains: 'weather' },
            steps: [{ type: 'tool-call', tool: 'get_weather', input: { place: 'Lisbon' } }],
          },
          { when: { toolResult: 'Sunny' }, steps: [{ type: 'tokens', tokens: ['It is ', 'sunny ', 'there.'] }] },
          {
            when: { contains: 'Mary Ann' },
            steps: [{ type: 'tokens', tokens: ['{"name":"Mary Ann",', '"masts":3,"home":"Bristol"}'] }],
          },
        ],
        otherwise: 'echo',
      },
    }),
  ]);
  await settleOwner(house);
  await house.owner.call('setPrices', {
    body: { ref: '*', prices: { inputPerMillion: 2_000_000_000, outputPerMillion: 6_000_000_000 } },
  });
  await house.owner.call('changeRequestLog', { body: { enabled: true, days: 1 } });
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

const open = async (page: Page, section: string) => {
  await page.goto(`${house.address}/developers/${section}`);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
};
const part = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Parts of the console' }).getByRole('link', { name, exact: true });

test('a developer makes a key, sends what the quick start says, and finds it in usage and logs', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await open(page, 'keys');
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('staging');
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  const shown = page.getByRole('dialog', { name: 'The key staging' });
  const key = await shown.locator('code').innerText();
  expect(key).toMatch(/^ew_[\w-]{43}$/);
  await shown.getByRole('link', { name: 'To the quick start' }).click();

  // What is copied works as it stands.
  const code = page.locator('pre[aria-label="curl"]');
  await page.waitForFunction((text) => document.querySelector('pre')?.textContent.includes(text), key);
  await page.waitForFunction(() => !document.querySelector('pre')?.textContent.includes('MODEL'));
  const { stdout } = await run('bash', ['-c', await code.innerText()]);
  expect(JSON.parse(stdout)).toMatchObject({ choices: [{ message: { role: 'assistant' } }] });
  await page.getByRole('button', { name: 'Send a test request' }).click();
  await page.getByText(/^Status 200 after/).waitFor();
  expect(await page.locator('pre[aria-label="Answer"]').innerText()).toContain('"choices"');

  await part(page, 'Usage').click();
  const row = page.getByRole('row', { name: /^test / });
  await row.waitFor();
  await page.waitForFunction(() => document.querySelector('tbody td')?.textContent === '2');
  await page.locator('.recharts-bar-rectangle').first().waitFor();
  await page.getByRole('combobox', { name: 'By' }).selectOption({ label: 'Key' });
  await page.getByRole('row', { name: /^staging 2 / }).waitFor();

  await part(page, 'Logs').click();
  const calls = page.getByRole('main').getByRole('button', { name: /^test / });
  await calls.nth(1).waitFor();
  await calls.first().click();
  const call = page.getByRole('dialog', { name: 'Call to test' });
  await call.locator('pre[aria-label="Request"]').waitFor();
  await call.getByRole('button', { name: 'Open in the playground' }).click();
  await page.getByRole('heading', { level: 1, name: 'Playground' }).waitFor();
  expect(await page.getByRole('textbox', { name: 'Message', exact: true }).inputValue()).toBe(
    'Say hello in one short sentence.',
  );

  // The text is gone with the page; the key still says what it is.
  await open(page, 'keys');
  await page.getByText(/ew_.{5}… · Models over \/v1/).waitFor();
  expect(await page.content()).not.toContain(key);
});

test('the playground calls tools, keeps to a schema, and shows two models side by side', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await open(page, 'playground');
  const say = async (text: string) => {
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
    await page.getByRole('button', { name: 'Send to the model' }).click();
  };
  await page.getByText('Tools', { exact: true }).click();
  await page.getByRole('button', { name: /^Insert an example: Tools/ }).click();
  await say('What is the weather in Lisbon?');
  await page.getByText('Calls get_weather with').waitFor();
  await page.getByRole('textbox', { name: 'Result of get_weather' }).fill('Sunny');
  await page.getByRole('button', { name: 'Send the results' }).click();
  await page.getByText('It is sunny there.').waitFor();
  await page
    .getByText(/first words after .* tokens in, .* out.*cost \$/)
    .first()
    .waitFor();

  await page.getByRole('button', { name: 'Begin anew' }).click();
  await page.getByText('Answer by a schema').click();
  await page.getByRole('button', { name: /^Insert an example: JSON Schema/ }).click();
  await page.getByRole('button', { name: 'Compare with another model' }).click();
  await say('Tell of the Mary Ann.');
  expect(await page.getByText('"masts":3').nth(1).innerText()).toContain('Bristol');
  await page.getByRole('button', { name: 'Show as code' }).click();
  await page.getByRole('dialog').getByText('json_schema').first().waitFor();
  await page.keyboard.press('Escape');

  // What is no JSON is said before it is sent.
  await page.getByRole('textbox', { name: /^JSON Schema/ }).fill('{');
  await page.getByText('This is not a JSON Schema with a type.').waitFor();
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Hello');
  expect(await page.getByRole('button', { name: 'Send to the model' }).isDisabled()).toBe(true);
});
