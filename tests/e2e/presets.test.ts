import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { accessProblems } from './support/access-problems.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { PHONE, Visitor } from './support/visitor.ts';

let browser: Browser;
let house: HouseProcess;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script: playScript })]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

const file = {
  temperature: 0.8,
  prompts: [
    { identifier: 'main', name: 'Main Prompt', role: 'system', content: 'Frame of {{char}}.' },
    { identifier: 'charDescription', name: 'Char Description', marker: true },
    { identifier: 'chatHistory', name: 'Chat History', marker: true },
    { identifier: 'mine', name: 'Last word', role: 'system', content: 'Be brief.', injection_trigger: ['normal'] },
  ],
  prompt_order: [
    {
      character_id: 100001,
      order: ['main', 'charDescription', 'chatHistory', 'mine'].map((identifier) => ({ identifier, enabled: true })),
    },
  ],
};

const segments = (page: Page) =>
  page
    .locator('ol > li button[aria-expanded]')
    .evaluateAll((buttons) => buttons.map((button) => button.firstElementChild?.textContent));

async function importPreset(page: Page): Promise<void> {
  await page.goto(`${house.address}/settings/presets`);
  await page.getByRole('button', { name: 'Open a preset file' }).waitFor();
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'Harbour.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(file)) });
  await page.getByText('“Last word” is used for every reply').waitFor();
  await page.getByRole('link', { name: 'Look at it' }).click();
  await page.getByRole('heading', { level: 1, name: 'Harbour' }).waitFor();
}

test('a preset is imported, put in order, saved, chosen, and makes the prompt', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await importPreset(page);
  await expect.poll(() => segments(page)).toEqual(['Main Prompt', 'Char Description', 'Chat History', 'Last word']);

  await page.getByRole('button', { name: 'Move Main Prompt down' }).click();
  await page.getByText('Main Prompt is now number 2 of 4.').waitFor({ state: 'attached' });
  // From the keyboard: up, move, down.
  await page.getByRole('button', { name: 'Move Main Prompt', exact: true }).focus();
  await page.keyboard.press('Space');
  await page.getByText('Main Prompt would be number 2 of 4.').waitFor({ state: 'attached' });
  // The list listens to arrows a moment after it announces the pick-up; at its top one more changes nothing.
  await expect
    .poll(
      async () => {
        await page.keyboard.press('ArrowUp');
        return page.getByText('Main Prompt would be number 1 of 4.').count();
      },
      { interval: 300 },
    )
    .toBeGreaterThan(0);
  await page.keyboard.press('Space');
  await page.getByText('Main Prompt is now number 1 of 4.').waitFor({ state: 'attached' });
  await expect.poll(() => segments(page)).toEqual(['Main Prompt', 'Char Description', 'Chat History', 'Last word']);
  await page.getByRole('button', { name: 'Move Chat History down' }).click();

  await page.getByRole('switch', { name: 'Use Char Description' }).press('Space');
  await page.getByRole('button', { name: /^Last word/ }).click();
  await page.getByRole('textbox', { name: 'Words', exact: true }).fill('Speak of the sea, {{user}}.');
  await page.getByRole('combobox', { name: 'Place' }).selectOption('depth');
  await page.getByRole('textbox', { name: 'Messages from the end' }).fill('0');
  expect(await accessProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Everything is saved.').waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Harbour' }).waitFor();
  await expect.poll(() => segments(page)).toEqual(['Main Prompt', 'Char Description', 'Last word', 'Chat History']);

  const conversationId = await beginTalk(house);
  const talk = await Talk.open(page, house, conversationId);
  await page.getByRole('button', { name: 'Conversation menu' }).click();
  await page.getByRole('menuitem', { name: 'Model, prompt and books' }).click();
  await page.getByRole('combobox', { name: 'Prompt' }).selectOption({ label: 'Harbour' });
  await page.getByRole('button', { name: 'Done' }).click();
  await talk.say('What do you see?');
  await talk.settled('Mira', 'What do you see?');
  const { messages } = await house.owner.call('messages', { params: { id: conversationId } });
  const record = await house.owner.call('messagePrompt', { params: { id: messages.at(-1)!.id } });
  expect(record).toMatchObject({ presetName: 'Harbour', order: 'classic' });
  const text = record.messages.map(({ pieces }) => pieces.map((piece) => piece.text).join('')).join('\n');
  expect(text).toMatch(/^Frame of Mira\.[\s\S]*What do you see\?[\s\S]*Speak of the sea, /);
  expect(text).not.toContain('About Mira');
});

test('on a phone in Chinese, a copy of the house’s is made, changed and deleted, with undo', async () => {
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE, locale: 'zh-CN', colorScheme: 'dark' });
  const { page } = visitor;
  await house.owner.call('updateMe', { body: { locale: 'zh-CN' } });
  await page.goto(`${house.address}/presets/house-classic`);
  await page.getByRole('button', { name: '复制一份' }).click();
  await page.getByRole('heading', { level: 1, name: '经典（副本）' }).waitFor();
  await page.getByRole('button', { name: '上移角色描述' }).click();
  await page.getByRole('button', { name: '添加片段' }).click();
  await page.getByRole('button', { name: /^我的片段/ }).click();
  await page.getByRole('textbox', { name: '内容' }).fill('多写海上的天气。');
  expect(await accessProblems(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByText('已全部保存。').waitFor();
  await page.getByRole('button', { name: '经典（副本）的更多操作' }).click();
  await page.getByRole('menuitem', { name: '删除' }).click();
  await page.getByText('“经典（副本）”已删除。').waitFor();
  await page.getByRole('button', { name: '撤销' }).click();
  await page.getByRole('link', { name: /^经典（副本）/ }).waitFor();
  await house.owner.call('updateMe', { body: { locale: 'en' } });
});
