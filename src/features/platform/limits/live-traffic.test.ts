import { expect, test } from 'vitest';
import { QuietTime } from '../../../memory/quiet-time.ts';
import { NO_USAGE } from '../../../metering/cost.ts';
import type { MeteredCall, MeterRequest } from '../../../metering/meter.ts';
import { LiveTraffic } from './live-traffic.ts';

const call: MeteredCall = {
  id: 'call',
  signal: new AbortController().signal,
  progress: () => null,
  settle: () => Promise.resolve({ cost: 0 }),
  settleIn: () => Promise.resolve({ cost: 0 }),
  void: () => Promise.resolve(),
};

const request = (ref: string, inBatch?: true): MeterRequest => ({
  payer: { userId: 'ada', keyId: null, teamId: null, ...(inBatch ? { inBatch } : {}) },
  door: 'api',
  kind: 'text',
  model: ref,
  refs: [ref],
  estimate: NO_USAGE,
});

test('a batch waits while a program is answered by a model of this computer, and only then', async () => {
  const traffic = new LiveTraffic({
    meter: { begin: () => Promise.resolve(call) },
    isLocal: (ref) => ref.startsWith('local:'),
  });
  const quiet = new QuietTime([traffic], { calmInMs: 0 });
  const order: string[] = [];
  const work = () => quiet.run(() => Promise.resolve(order.push('batch')), new AbortController().signal);
  await traffic.begin(request('provider:model'));
  await traffic.begin(request('local:small', true));
  expect(traffic.busy).toBe(false);
  await work();
  const first = await traffic.begin(request('local:small'));
  const second = await traffic.begin(request('local:small'));
  const waiting = work();
  await first.void({ outcome: 'stopped' });
  await first.settle({ ref: 'local:small', usage: NO_USAGE, usageSource: 'tokenizer', outcome: 'done' });
  expect(traffic.busy).toBe(true);
  order.push('program');
  await second.settle({ ref: 'local:small', usage: NO_USAGE, usageSource: 'tokenizer', outcome: 'done' });
  await waiting;
  expect(order).toEqual(['batch', 'program', 'batch']);
});
