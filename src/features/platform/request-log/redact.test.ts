import { expect, test } from 'vitest';
import { processorTimeInMs } from '../../../../tests/support/processor-time.ts';
import { redact } from './redact.ts';

const said = (text: string) => redact(text).value;

test.each([
  ['Mail ann.lee+x@mail.example.org now', 'Mail [e-mail] now'],
  ['key sk-proj-abcdefghijklmnop1234 end', 'key [key] end'],
  ['ew_0123456789abcdefghij', '[key]'],
  ['Authorization: Bearer abcdefghij0123456789', 'Authorization: Bearer [key]'],
  ['card 4111 1111 1111 1111 please', 'card [card] please'],
  ['call +44 20 7946 0958 today', 'call [phone] today'],
  ['call (415) 555-0132 today', 'call [phone] today'],
  ['打13812345678给我', '打[phone]给我'],
])('%s', (text, expected) => {
  expect(said(text)).toBe(expected);
});

test.each(['2026-11-26', '2026-11-26 06:33', 'order 4111111111111112', 'Pi is 3.14159265358979', '1764139200000'])(
  '%s stays as it is',
  (text) => {
    expect(said(text)).toBe(text);
  },
);

test('what is named a secret goes, whatever it looks like; numbers and structure stay', () => {
  expect(redact({ api_key: 'x', n: 4_111_111_111_111_111, list: ['a@b.co', null] })).toEqual({
    value: { api_key: '[key]', n: 4_111_111_111_111_111, list: ['[e-mail]', null] },
    truncated: false,
  });
});

test('long texts and pictures are cut and say so', () => {
  const long = redact('x'.repeat(30_000));
  expect(long.truncated).toBe(true);
  expect(String(long.value).length).toBeLessThan(20_100);
  expect(redact(`data:image/png;base64,${'A'.repeat(5000)}`)).toEqual({
    value: 'data:image/png;base64,… (5022 characters left out)',
    truncated: true,
  });
});

test('hostile texts take no longer than their length', async () => {
  const hostile = ['1 '.repeat(10_000), 'a.'.repeat(10_000), '('.repeat(20_000), 'eyJ'.repeat(6000)];
  expect(await processorTimeInMs(() => hostile.map((text) => redact(text)))).toBeLessThan(2000);
});
