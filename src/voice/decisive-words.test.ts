import { expect, test } from 'vitest';
import { isCommand, isDecisive } from './decisive-words.ts';

test.each([
  ['Stop.', 300],
  ['No!', 200],
  ['Wait a', 350],
  ['What was', 384],
  ['I think you told me', 950],
  ['Can I', 300],
  ['等一下', 400],
  ['不对', 300],
  ['你叫什么', 500],
  ['我昨天去了那里', 1200],
])('%s is meant', (text, voicedInMs) => {
  expect(isDecisive(text, voicedInMs)).toBe(true);
});

test.each([
  ['Amen, ma.', 450],
  ['In a mum.', 440],
  ["I'll really", 500],
  ['Dylan.', 400],
  ['', 500],
  ['嗯哼啊', 400],
])('“%s” may be a hum', (text, voicedInMs) => {
  expect(isDecisive(text, voicedInMs)).toBe(false);
});

test.each(['Stop.', 'No, no.', 'Hold on, I', 'Excuse me', '等一下', '别说了'])(
  '%s is said to stop somebody',
  (text) => {
    expect(isCommand(text)).toBe(true);
  },
);

test.each(['Nothing much', "It's not a matter", 'The harbor were', 'Notice'])('%s is not', (text) => {
  expect(isCommand(text)).toBe(false);
});
