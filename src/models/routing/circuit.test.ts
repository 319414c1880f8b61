import { expect, test } from 'vitest';
import { Circuit } from './circuit.ts';
import { RetryBudget } from './retry-budget.ts';

test('five faults in a row open it; one probe goes through; its end decides', () => {
  const circuit = new Circuit();
  for (let fault = 0; fault < 4; fault += 1) circuit.fail({ code: 'down', now: 0 });
  expect(circuit.admits(0)).toBe(true);
  circuit.fail({ code: 'down', now: 0 });
  expect(circuit.admits(4999)).toBe(false);
  expect(circuit.admits(5000)).toBe(true);
  circuit.enter();
  expect(circuit.report().state).toBe('probing');
  expect(circuit.admits(6000)).toBe(false);
  circuit.fail({ code: 'down', now: 6000 });
  expect(circuit.admits(15_999)).toBe(false);
  expect(circuit.admits(16_000)).toBe(true);
  circuit.enter();
  circuit.succeed({ firstByteInMs: 20, slowInMs: null, now: 16_100 });
  expect(circuit.report()).toMatchObject({ state: 'closed', consecutiveFaults: 0, firstByteInMs: 20 });
});

test('a probe whose caller left decides nothing', () => {
  const circuit = new Circuit();
  for (let fault = 0; fault < 5; fault += 1) circuit.fail({ code: 'down', now: 0 });
  circuit.enter();
  circuit.leave();
  expect(circuit.admits(5000)).toBe(true);
});

test('slow answers count as faults', () => {
  const circuit = new Circuit();
  for (let call = 0; call < 5; call += 1) circuit.succeed({ firstByteInMs: 900, slowInMs: 500, now: 0 });
  expect(circuit.report()).toMatchObject({ state: 'open', lastErrorCode: 'slow', firstByteInMs: 900 });
});

test('only a share of requests is tried again', () => {
  const budget = new RetryBudget(0.2);
  for (let call = 0; call < 100; call += 1) budget.request(0);
  let taken = 0;
  for (let call = 0; call < 100; call += 1) taken += budget.take(0) ? 1 : 0;
  expect(taken).toBe(20);
  expect(budget.take(16_000)).toBe(false);
  expect(budget.take(45_000)).toBe(true);
});
