import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../integration/support/until.ts';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { settleOwner } from './support/talk.ts';
import { PHONE, Visitor } from './support/visitor.ts';

let browser: Browser;
let house: HouseProcess;
let visitor: Visitor;

beforeAll(async () => {
  // A scripted utterance is as long as its words, so that there is time to stop it.
  const script = { ...playScript, speech: { chunkInMs: 500 } };
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script })]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

afterEach(() => visitor[Symbol.asyncDispose]());

const characterId = async () => {
  const { characters } = await house.owner.call('characters');
  const mira = characters.find(({ name }) => name === 'Mira');
  if (!mira) throw new Error('There is no Mira.');
  return mira.id;
};

test('voices are browsed, heard and stopped; one that is missing says its size and licence', async () => {
  visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/settings/voices`);
  const voices = page.getByRole('region', { name: 'Voices', exact: true });
  await voices.getByRole('listitem').first().waitFor();
  await voices.getByRole('button', { name: /^Show all \d+ voices$/ }).click();
  const all = await voices.getByRole('listitem').count();
  expect(all).toBeGreaterThan(3);

  const heard = page.waitForResponse((response) => response.url().includes('/api/voice/sample'));
  await voices
    .getByRole('button', { name: /^Listen to/ })
    .first()
    .click();
  const sample = await heard;
  expect(sample.headers()['content-type']).toContain('audio/wav');
  const stop = voices.getByRole('button', { name: /^Stop/ });
  await stop.waitFor();
  await stop.click();
  await stop.waitFor({ state: 'detached' });

  await voices
    .getByRole('button', { name: /^Install Piper .*MB, licence/ })
    .first()
    .waitFor();
  await voices.getByLabel('Voice', { exact: true }).selectOption('female');
  await until('fewer voices are listed', async () => (await voices.getByRole('listitem').count()) < all);
  await voices.getByLabel('Language').selectOption('zh-CN');
  await voices.getByRole('listitem').filter({ hasText: 'Xiaoxiao' }).waitFor();
});

test('how one calls, and how words are said, is kept', async () => {
  visitor = await Visitor.enter(browser, house, { viewport: PHONE });
  const { page } = visitor;
  await page.goto(`${house.address}/settings/voices`);
  await page.getByLabel('Taking turns').selectOption('slow-speaker');
  await page.getByRole('switch', { name: /^Elder mode/ }).press(' ');
  await page.getByRole('slider', { name: 'Speed of every voice' }).press('ArrowLeft');
  await until('the preferences are kept', async () => {
    const { profile, elder, speed } = await house.owner.call('callPreferences');
    return profile === 'slow-speaker' && elder && speed === 0.95;
  });

  await page.getByRole('textbox', { name: 'Written' }).fill('Siobhan');
  await page.getByRole('textbox', { name: 'Said' }).fill('shivawn');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('said “shivawn”').waitFor();
  await page.getByRole('button', { name: 'Remove Siobhan' }).click();
  await page.getByText('No words yet.').waitFor();
});

test('a character gets a voice, faster and higher, and says its greeting in it', async () => {
  visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  const id = await characterId();
  await page.goto(`${house.address}/characters/${id}`);
  const voice = page.getByRole('region', { name: 'Voice', exact: true });
  const select = voice.getByLabel('How Mira sounds');
  const ref = await select.locator('option').nth(1).getAttribute('value');
  await select.selectOption(ref);
  await voice.getByRole('slider', { name: 'Pitch' }).press('ArrowRight');
  await until('the choice is kept', async () => {
    const kept = await house.owner.call('characterVoice', { params: { id }, query: { locale: 'en' } });
    return kept.voice === ref && kept.pitch === 1;
  });
  const heard = page.waitForRequest((request) => request.url().includes('/api/voice/sample'));
  await voice.getByRole('button', { name: 'Listen to Mira' }).click();
  const asked = new URL((await heard).url()).searchParams;
  expect(asked.get('voice')).toBe(ref);
  expect(asked.get('text')).toContain('You rowed here in');
});
