import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import type { Usage } from '../../../contract/metering.ts';
import { systemClock } from '../../base/clock.ts';
import { RateLimitedError } from '../../base/errors.ts';
import type { CallEnd, Meter, MeterRequest } from '../../metering/meter.ts';
import type { ScriptInput } from '../scripted/script.ts';
import { createScriptedModel } from '../scripted/scripted-model.ts';
import { Cashier } from './cashier.ts';
import { MeteredModels } from './metered-models.ts';
import { personally } from './payers.ts';
import { Tab } from './tab.ts';

type Ended = Partial<CallEnd> & { how: 'settled' | 'void' };

/** Books in memory, with money for so many tokens of answers. */
class TestMeter implements Meter {
  readonly begun: MeterRequest[] = [];
  readonly ended: Ended[] = [];
  readonly #money: number;

  constructor(money = Number.POSITIVE_INFINITY) {
    this.#money = money;
  }

  begin(request: MeterRequest): ReturnType<Meter['begin']> {
    if (this.#money === 0) return Promise.reject(noMoney());
    this.begun.push(request);
    const ending = new AbortController();
    const settle = async (end: CallEnd) => {
      this.ended.push({ how: 'settled', ...end });
      return { cost: 0 };
    };
    return Promise.resolve({
      id: `call-${this.begun.length}`,
      signal: ending.signal,
      progress: ({ outputTokens }: Usage) => {
        if (outputTokens > this.#money) ending.abort(noMoney());
        return null;
      },
      settle,
      settleIn: (_trx, end) => settle(end),
      void: async (reason) => void this.ended.push({ how: 'void', ...reason }),
    });
  }
}

const noMoney = () => new RateLimitedError('No money.', { code: 'insufficient-quota', retryable: false });
const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Tell me of the sea.' }] }];
const tokens = Array.from({ length: 5 }, (_, index) => `wave${index} `);
const account = { payer: personally('ann'), purpose: 'memory', characterId: 'mira' } as const;

function open(script: ScriptInput, meter = new TestMeter()) {
  const engine = createScriptedModel(script);
  const models = new MeteredModels({ resolve: async () => engine }, new Cashier({ meter, clock: systemClock }));
  return { meter, engine, resolve: () => models.resolve(null, new AbortController().signal) };
}

async function ask(
  { resolve }: ReturnType<typeof open>,
  { abortSignal, stopAt }: { abortSignal?: AbortSignal; stopAt?: number } = {},
): Promise<LanguageModelV4StreamPart[]> {
  const { languageModel } = (await resolve()).billed({ account });
  const { stream } = await languageModel.doStream({ prompt, ...(abortSignal ? { abortSignal } : {}) });
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of stream) {
    parts.push(part);
    if (parts.filter(({ type }) => type === 'text-delta').length === stopAt) break;
  }
  return parts;
}

test('an answer is billed by what the model says it used, to whom it was for', async () => {
  const house = open({ rules: [{ steps: [{ type: 'tokens', tokens }] }] });
  await ask(house);
  expect(house.meter.begun).toMatchObject([{ ...account, door: 'background', kind: 'text', refs: ['scripted:test'] }]);
  expect(house.meter.ended).toMatchObject([
    { how: 'settled', outcome: 'done', usageSource: 'tokenizer', usage: { outputTokens: tokens.length } },
  ]);
});

test('who has read enough pays for what came; who leaves has stopped it', async () => {
  const house = open({ rules: [{ steps: [{ type: 'tokens', tokens }, { type: 'hang' }] }] });
  await ask(house, { stopAt: 2 });
  const leaving = new AbortController();
  const left = ask(house, { abortSignal: leaving.signal });
  await expect.poll(() => house.engine.calls.length).toBe(2);
  leaving.abort();
  await left.catch(() => undefined);
  expect(house.meter.ended).toMatchObject([
    { how: 'settled', outcome: 'done', usageSource: 'estimate', usage: { outputTokens: 2 } },
    { outcome: 'stopped' },
  ]);
});

test('what fails before a word is free, and what fails later is billed so far', async () => {
  const error = { type: 'error' as const, code: 'model-cut-off', message: 'It went away.' };
  const early = open({ rules: [{ steps: [error] }] });
  await ask(early).catch(() => undefined);
  expect(early.meter.ended).toMatchObject([{ how: 'void', outcome: 'failed' }]);
  const late = open({ rules: [{ steps: [{ type: 'tokens', tokens }, error] }] });
  await ask(late).catch(() => undefined);
  expect(late.meter.ended).toMatchObject([{ how: 'settled', outcome: 'failed', usage: { outputTokens: 5 } }]);
});

test('without money the model is not asked, and where it ends on the way so does the answer', async () => {
  const script: ScriptInput = { rules: [{ steps: [{ type: 'tokens', tokens, delayInMs: 1 }, { type: 'hang' }] }] };
  const poor = open(script, new TestMeter(0));
  await expect(ask(poor)).rejects.toMatchObject({ code: 'insufficient-quota' });
  expect(poor.engine.calls).toHaveLength(0);
  const short = open(script, new TestMeter(3));
  await expect(ask(short)).rejects.toMatchObject({ code: 'insufficient-quota' });
  expect(short.meter.ended).toMatchObject([{ how: 'settled', errorCode: 'insufficient-quota' }]);
});

test('what is on a tab is one bill, settled when the tab is closed', async () => {
  const { meter, resolve } = open({ rules: [{ steps: [{ type: 'tokens', tokens }] }] });
  const tab = new Tab();
  const { languageModel } = (await resolve()).billed({ account, tab });
  for (let round = 0; round < 2; round += 1) {
    const { stream } = await languageModel.doStream({ prompt });
    for await (const _part of stream);
  }
  expect([meter.begun.length, meter.ended.length]).toEqual([1, 0]);
  await tab.close();
  expect(meter.ended).toMatchObject([{ how: 'settled', outcome: 'done', usage: { outputTokens: 2 * tokens.length } }]);
});

test('what somebody meters who asked, and what nobody pays for, is asked as it is', async () => {
  const { meter, resolve, engine } = open({ rules: [{ steps: [{ type: 'tokens', tokens }] }] });
  for (const bill of [{ metered: { id: 'theirs' } }, { unbilled: 'measurement' }] as const) {
    expect((await resolve()).billed(bill).languageModel).toBe(engine.languageModel);
  }
  expect(meter.begun).toEqual([]);
});
