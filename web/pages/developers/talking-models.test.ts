import { expect, test } from 'vitest';
import type { ModelChoice } from '../../../contract/models.ts';
import { choiceNamed, talkingNames } from './talking-models.ts';

const choice = (ref: string) => ({ ref }) as ModelChoice;
const choices = [choice('local:qwen2.5-coder-0.5b'), choice('p1:maker/large'), choice('p2:same'), choice('p3:same')];
const offered = [
  { id: 'qwen2.5-coder-0.5b', owned_by: 'this-computer' },
  { id: 'maker/large', owned_by: 'provider' },
  { id: 'p2:same', owned_by: 'provider' },
  { id: 'house-chat', owned_by: 'route' },
  { id: 'character/mira', owned_by: 'character' },
  { id: 'multilingual-e5-small-q4', owned_by: 'this-computer' },
  { id: 'piper-en-joe', owned_by: 'this-computer' },
];

test('what speaks, listens and makes vectors is not offered to be talked with', () => {
  expect(talkingNames(offered, choices)).toEqual([
    'qwen2.5-coder-0.5b',
    'maker/large',
    'p2:same',
    'house-chat',
    'character/mira',
  ]);
});

test('a name is that of a model by its own name and by its whole ref', () => {
  expect(choiceNamed(choices, 'maker/large')?.ref).toBe('p1:maker/large');
  expect(choiceNamed(choices, 'p3:same')?.ref).toBe('p3:same');
  expect(choiceNamed(choices, 'house-chat')).toBeUndefined();
});
