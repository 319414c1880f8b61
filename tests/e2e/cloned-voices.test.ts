import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { consentStatement } from '../../src/features/voices/consent-statement.ts';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { playScript } from './support/scripts.ts';
import { settleOwner } from './support/talk.ts';
import { PHONE, Visitor } from './support/visitor.ts';

const NAME = 'Ada Berg';
/** Longer than the shortest consent, milliseconds. */
const READING_IN_MS = 10_500;
let browser: Browser;
let house: HouseProcess;
let provider: Server;
let asked: string[];

beforeAll(async () => {
  asked = [];
  provider = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      asked.push(request.url ?? '');
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ file: { file_id: 1 }, base_resp: { status_code: 0, status_msg: 'success' } }));
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const text = consentStatement({ name: NAME, providerName: 'MiniMax', locale: 'en', at: Date.now() });
  const script = { ...playScript, speech: { transcripts: [{ fromInMs: 10_000, text }] } };
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script })]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
  provider.closeAllConnections();
  await new Promise((resolve) => provider.close(resolve));
});

test('a likeness is made from a person reading the statement, and taken back', async () => {
  await using visitor = await Visitor.enter(browser, house, { viewport: PHONE });
  const { page } = visitor;
  await page.addInitScript(() => {
    // A microphone that hums: what is understood is the script's.
    navigator.mediaDevices.getUserMedia = async () => {
      const context = new AudioContext();
      const hum = new OscillatorNode(context);
      const out = new MediaStreamAudioDestinationNode(context);
      hum.connect(out);
      hum.start();
      return out.stream;
    };
  });
  await page.goto(`${house.address}/settings/providers`);
  const panel = page.getByRole('region', { name: 'Likenesses of voices' });
  await panel.getByText('No provider here makes likenesses').waitFor();

  const baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`;
  await house.owner.call('addProvider', {
    body: { kind: 'minimax', name: 'MiniMax', baseUrl, apiKey: 'k', models: ['speech-2.6-turbo'] },
  });
  await page.reload();
  await panel.getByRole('button', { name: 'Make a likeness' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make a likeness' });
  await dialog.getByLabel('Name of the person whose voice it is').fill(NAME);
  await dialog.getByLabel('Name of the voice').fill('Grandmother');
  await dialog.getByText(`My name is ${NAME}, and this is my own voice.`).waitFor();
  expect(await dialog.getByRole('button', { name: 'Make a likeness' }).isDisabled()).toBe(true);

  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  await dialog.getByText('Recording, 0:02').waitFor();
  await dialog.getByRole('button', { name: 'Stop recording' }).click();
  await dialog.getByText('Recorded, 0:02').waitFor();
  await dialog.getByRole('button', { name: 'Make a likeness' }).click();
  await dialog.getByRole('alert').getByText('shorter than ten seconds').waitFor();

  await dialog.getByRole('button', { name: 'Record again' }).click();
  await dialog.getByText('Recording, 0:11').waitFor({ timeout: READING_IN_MS + 10_000 });
  await dialog.getByRole('button', { name: 'Stop recording' }).click();
  await dialog.getByText(/Recorded, 0:1\d/).waitFor();
  await dialog.getByRole('button', { name: 'Make a likeness' }).click();
  await dialog.waitFor({ state: 'detached' });
  await panel.getByText('Grandmother').waitFor();
  expect(asked).toEqual(expect.arrayContaining(['/v1/files/upload', '/v1/voice_clone']));

  await panel.getByRole('button', { name: 'Remove Grandmother' }).click();
  await page
    .getByRole('dialog', { name: 'Remove Grandmother' })
    .getByRole('button', { name: 'Remove', exact: true })
    .click();
  await panel.getByText('Grandmother').waitFor({ state: 'detached' });
  expect(asked).toContain('/v1/delete_voice');
});
