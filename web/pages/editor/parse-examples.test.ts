import { expect, test } from 'vitest';
import { parseExamples } from './parse-examples.ts';

test('example dialogue is read in blocks, lines and continued lines', () => {
  const text = 'Words nobody says.\n<START>\n{{user}}: Hm?\n{{char}}: Aye.\nAye!\n<start>\n<BOT>：No.\n{{USER}}:   \n';
  expect(parseExamples(text)).toEqual([
    [
      { speaker: 'user', text: 'Hm?' },
      { speaker: 'char', text: 'Aye.\nAye!' },
    ],
    [{ speaker: 'char', text: 'No.' }],
  ]);
  expect(parseExamples('')).toEqual([]);
});
