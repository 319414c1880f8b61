import { expect, test } from 'vitest';
import type { UsageReport } from '../../../contract/platform-books.ts';
import { compareInvoice, readProviderInvoice } from './provider-invoice.ts';

const usage = {
  inputTokens: 100,
  cachedInputTokens: 0,
  outputTokens: 20,
  characters: 0,
  audioInMs: 0,
  images: 0,
  videoInMs: 0,
};
const sums = { calls: 1, failed: 0, usage, cost: 5_000_000 };
const report: UsageReport = {
  from: 0,
  to: 1,
  timeZone: 'UTC',
  currency: 'USD',
  rows: [{ ...sums, at: Date.parse('2026-11-26T00:00:00Z'), key: 'provider-1:gpt-x', label: null }],
  total: sums,
};

test('a table of a provider is read whatever it calls its columns, and lines of a day are added', () => {
  const text =
    '\uFEFFDate,Model Name,Prompt Tokens,Completion Tokens,Cost\r\n2026-11-26,gpt-x,60,"15",$0.003\n2026-11-26T08:00:00Z,"gpt-x",40,5,0.002\n\n';
  const lines = readProviderInvoice(text);
  expect(lines[0]).toEqual({ day: '2026-11-26', model: 'gpt-x', inputTokens: 60, outputTokens: 15, cost: 3_000_000 });
  expect(compareInvoice(lines, report)).toEqual([]);
});

test('what was counted otherwise is named by day and model, by tokens where there are some', () => {
  const tokens = readProviderInvoice(
    'day,model,input_tokens,output_tokens\n2026-11-26,gpt-x,100,21\n2026-11-27,gpt-x,1,0\n',
  );
  expect(compareInvoice(tokens, report)).toEqual([
    { day: '2026-11-26', model: 'gpt-x', unit: 'outputTokens', provider: 21, house: 20 },
    { day: '2026-11-27', model: 'gpt-x', unit: 'inputTokens', provider: 1, house: 0 },
  ]);
  const costs = readProviderInvoice('timestamp,model,amount\n1795651200,gpt-x,0.006\n');
  expect(compareInvoice(costs, report)).toEqual([
    { day: '2026-11-26', model: 'gpt-x', unit: 'cost', provider: 6_000_000, house: 5_000_000 },
  ]);
});

test('what is no such table is refused by its line', () => {
  expect(() => readProviderInvoice('a,b\n1,2\n')).toThrow('no column for the day');
  expect(() => readProviderInvoice('day,model,cost\nyesterday,x,1\n')).toThrow('Line 2');
  expect(() => readProviderInvoice('day,model,cost\n2026-11-26,x,much\n')).toThrow('“much” is no number');
});
