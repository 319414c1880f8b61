import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { samplePdf } from '../support/sample-files.ts';
import { HouseProcess } from './support/house-process.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { Visitor } from './support/visitor.ts';

let browser: Browser;
let house: HouseProcess;

beforeAll(async () => {
  const script = {
    rules: [
      {
        when: { contains: 'foghorn' },
        steps: [{ type: 'tokens' as const, tokens: ['It was bought in 1931 [1], they say [77].'] }],
        times: 1,
      },
      {
        when: { contains: 'It was bought' },
        steps: [{ type: 'tokens' as const, tokens: ['雾笛是1931年买的 [1]。'] }],
      },
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

test('a file is added, cited, opened at its passage, and the reply translated', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const talk = await Talk.open(page, house, await beginTalk(house, 'quill'));
  const pdf = samplePdf([
    ['The foghorn was bought in 1931 from a yard in Leith.'],
    ['The lamp burned whale oil until 1860 and paraffin after that.'],
  ]);
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Add files' }).click(),
  ]);
  await chooser.setFiles({ name: 'log.pdf', mimeType: 'application/pdf', buffer: pdf });
  await page.getByText('2 pages').waitFor();
  await talk.say('When was the foghorn bought?');
  const reply = await talk.settled('Quill', 'It was bought in 1931');
  await reply.getByRole('button', { name: /^Passage 1: log\.pdf/ }).waitFor();
  expect(await reply.innerText()).toContain('[77]');

  await reply.getByRole('button', { name: /^Passage 1: log\.pdf/ }).click();
  const reader = page.getByRole('dialog', { name: 'log.pdf' });
  await reader.locator('mark').filter({ hasText: 'bought in 1931 from a yard in Leith' }).waitFor();
  await reader.getByText('whale oil').waitFor();
  await page.keyboard.press('Escape');
  await reader.waitFor({ state: 'hidden' });

  await reply.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Translate' }).click();
  await reply.getByRole('region', { name: 'Translation' }).getByText('雾笛是1931年买的').waitFor();
  await page.reload();
  const again = await talk.settled('Quill', 'It was bought in 1931');
  await again.getByRole('region', { name: 'Translation' }).getByText('雾笛是1931年买的').waitFor();
});
