import { expect, test } from 'vitest';
import { supportingPassages } from './supporting-passages.ts';

const passages = [
  'The foghorn was bought in 1931 from a yard in Leith, and paid for with herring.',
  'Watch 3 of day 12: wind from the west, sea moderate, nothing seen.',
  'Lightning split the flagpole and killed the goat.',
  '灯塔的看守人叫阿格尼丝，她在冬天和海鸥说话。',
];

test.each([
  { asked: 'Where did the foghorn come from?', said: 'It came from a yard in Leith.', found: [0] },
  { asked: 'When was it bought?', said: '1931. The foghorn, that is.', found: [0] },
  {
    asked: 'Tell me of the log',
    said: 'Lightning killed the goat. The foghorn was paid for with herring.',
    found: [0, 2],
  },
  { asked: '谁是看守人？', said: '看守人是阿格尼丝。', found: [3] },
  // What only repeats the question, denies it, or is said of something else.
  { asked: 'When was the foghorn bought?', said: 'I cannot say when the foghorn was bought.', found: [] },
  { asked: 'When was the foghorn bought?', said: 'The foghorn was bought.', found: [] },
  { asked: 'What killed the goat?', said: 'The goat was killed by a falling rock near the pier.', found: [] },
  { asked: 'Did lightning strike?', said: 'Lightning did not kill the goat, the flagpole did not split.', found: [] },
  { asked: 'How are you?', said: 'I am well, thank you. The sea is a fine thing.', found: [] },
])('“$said” is held by $found', ({ asked, said, found }) => {
  expect(supportingPassages(said, { asked, passages })).toEqual(found);
});
