import { expect, test } from 'vitest';
import { splitTags } from './split-tags.ts';

test.each<[string, string[]]>([
  ['sea, night', ['sea', 'night']],
  ['海，夜晚、海', ['海', '夜晚']],
  [' ,，;', []],
  ['x'.repeat(80), ['x'.repeat(60)]],
])('“%s” is %j', (text, tags) => {
  expect(splitTags(text)).toEqual(tags);
});
