import { expect, test } from 'vitest';
import { narrationOf } from './narration.ts';

test.each([
  [['fantasy', ' Narrator '], 'read'],
  [['旁白'], 'read'],
  [['narrators', 'storyteller'], 'skip'],
  [[], 'skip'],
])('narration of a character tagged %j: %s', (tags, expected) => {
  expect(narrationOf({ tags })).toBe(expected);
});
