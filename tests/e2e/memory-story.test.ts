import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import { createTestDatabase, type TestDatabase } from '../integration/support/test-database.ts';
import { until } from '../integration/support/until.ts';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { beginTalk, settleOwner, Talk } from './support/talk.ts';
import { Visitor } from './support/visitor.ts';

const says = (text: string) => [{ type: 'tokens' as const, tokens: [text] }];

const HEDWIG = 'My sister Hedwig restores violins in Cremona.';
const WALNUTS = "I'm allergic to walnuts.";
const ALMONDS = "I'm allergic to almonds.";
const PORTO = 'I was born in Porto in 1971.';
const OSLO = 'I was born in Oslo in 1984.';
const QUESTION = 'What am I allergic to, where were you born, and what does Hedwig do?';

const script: ScriptInput = {
  rules: [
    { when: { equals: 'Where were you born, Mira?' }, times: 1, steps: says(PORTO) },
    { when: { equals: 'Where were you born, Mira?' }, times: 1, steps: says(OSLO) },
    { steps: says('I see.') },
  ],
};

const storages = process.env['EVERWITH_TEST_POSTGRES_URL'] ? ['sqlite', 'postgres'] : ['sqlite'];

describe.each(storages)('on %s', (storage) => {
  let browser: Browser;
  let database: TestDatabase;
  let house: HouseProcess;

  beforeAll(async () => {
    database = await createTestDatabase(storage);
    const { postgres } = database;
    const environment: Record<string, string> = postgres
      ? { EVERWITH_POSTGRES: postgres.url, EVERWITH_POSTGRES_SCHEMA: postgres.schema }
      : {};
    [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script, environment })]);
    await settleOwner(house);
  });
  afterAll(async () => {
    await browser?.close();
    await house?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  /** The words that facts which count rest on. */
  const known = async (): Promise<string[]> => {
    const params = { id: 'starter-mira' };
    const { facts } = await house.owner.call('memoryFacts', { params, query: { counts: 'true' } });
    return facts.map(({ quote }) => quote);
  };

  /** Asks in a talk of its own and opens what the reply remembered. */
  async function ask(page: Page): Promise<Locator> {
    const talk = await Talk.open(page, house, await beginTalk(house));
    await talk.say(QUESTION);
    await talk.settled('Mira', 'I see.');
    await page.getByRole('button', { name: 'Why this reply?' }).last().click();
    const remembered = page.getByRole('region', { name: 'Remembered' });
    await remembered.waitFor();
    return remembered;
  }

  async function expectRemembered(remembered: Locator, { told, untold }: { told: string[]; untold: string[] }) {
    const all = remembered.getByRole('article');
    for (const words of told) await all.filter({ hasText: words }).first().waitFor();
    for (const words of untold) expect(await all.filter({ hasText: words }).count(), words).toBe(0);
  }

  test('three facts told, one written again, a fork: each branch remembers its own, and corrected and forgotten holds', async () => {
    await using visitor = await Visitor.enter(browser, house);
    const { page } = visitor;
    const conversationId = await beginTalk(house);
    const talk = await Talk.open(page, house, conversationId);
    const say = async (text: string) => {
      const count = await talk.messages('Mira').count();
      await talk.say(text);
      await until('the reply', async () => (await talk.messages('Mira').count()) > count);
      await talk.settled('Mira', /./);
    };
    await say(HEDWIG);
    await say(WALNUTS);
    await say('Where were you born, Mira?');
    const first = await talk.settled('Mira', 'Porto');
    await first.getByRole('button', { name: 'Regenerate' }).click();
    await talk.settled('Mira', 'Oslo');
    await say('Thank you for telling me.');
    await until('the facts are read', async () => {
      const quotes = await known();
      return [HEDWIG, WALNUTS, OSLO].every((quote) => quotes.includes(quote));
    });
    expect(await known()).not.toContain(PORTO);

    const before = await ask(page);
    await expectRemembered(before, { told: ['walnuts', 'Oslo', 'violins'], untold: ['Porto', 'almonds'] });

    // The fork: the second thing told is told otherwise.
    await Talk.open(page, house, conversationId);
    const mine = talk.messages('You').filter({ hasText: 'walnuts' });
    await mine.hover();
    await mine.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByRole('textbox', { name: 'Edit the message' }).fill(ALMONDS);
    await page.getByRole('button', { name: 'Save and reply' }).click();
    await talk.messages('You').filter({ hasText: 'almonds' }).waitFor();
    await talk.settled('Mira', 'I see.');
    const forked = await ask(page);
    await expectRemembered(forked, { told: ['almonds', 'violins'], untold: ['walnuts', 'Oslo', 'Porto'] });

    // And back: what stayed behind is there again.
    await Talk.open(page, house, conversationId);
    await talk.messages('You').filter({ hasText: 'almonds' }).getByRole('button', { name: 'Previous version' }).click();
    await talk.messages('Mira').filter({ hasText: 'Oslo' }).waitFor();
    const back = await ask(page);
    await expectRemembered(back, { told: ['walnuts', 'Oslo'], untold: ['almonds', 'Porto'] });

    // Where it comes from is one click away.
    const used = back.getByRole('article').filter({ hasText: 'walnuts' }).first();
    await used.getByRole('button', { name: 'Show the source' }).click();
    await used.getByRole('link', { name: 'Show in the conversation' }).click();
    await page.waitForURL((url) => url.pathname.endsWith(conversationId) && url.searchParams.has('message'));
    await page.locator('[data-sought=true]').getByText('walnuts').waitFor();

    await correctAndForget(page);
  });

  async function correctAndForget(page: Page): Promise<void> {
    const fact = (words: string) => page.getByRole('article').filter({ hasText: words }).first();
    const choose = async (words: string, item: string) => {
      await fact(words)
        .getByRole('button', { name: /^More about: / })
        .click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await page.goto(`${house.address}/characters/starter-mira/memory?view=list`);
    await fact('walnuts').waitFor();
    await choose('walnuts', 'Correct');
    await page.getByRole('textbox', { name: 'How it really is' }).fill('Robin is allergic to cashews.');
    await page.getByRole('button', { name: 'Save' }).click();
    await fact('cashews').waitFor();
    await expectRemembered(await ask(page), { told: ['allergic to cashews', 'Oslo'], untold: ['almonds'] });

    await page.goto(`${house.address}/characters/starter-mira/memory?view=list`);
    await choose('Hedwig', 'Forget');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /^What it was said in, too/ }).check({ force: true });
    await dialog.getByRole('button', { name: 'Forget' }).click();
    await fact('violins').waitFor({ state: 'detached' });
    await expectRemembered(await ask(page), { told: ['cashews', 'Oslo'], untold: ['violins', 'Cremona'] });
    expect(await known()).not.toContain(HEDWIG);
  }
});
