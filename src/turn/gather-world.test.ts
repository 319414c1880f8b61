import { expect, test } from 'vitest';
import { chooseFacts } from './gather-world.ts';

const fact = (statement: string, about: string[] = [], placeId: string | null = null) => ({
  statement,
  about,
  placeId,
  since: '',
});
const scene = { placeIds: ['inn', 'town'], people: ['Mira', 'Robin'], words: 'Where did you put the silver key?' };

test('what is of this place, of somebody here or talked of comes first; what is of elsewhere is left out', () => {
  const chosen = chooseFacts(
    [
      fact('The mill has a new wheel.', ['The Mill'], 'mill'),
      fact('Salt is money.'),
      fact('The town has a wall.', [], 'town'),
      fact('The inn has no cellar.', [], 'inn'),
      fact('Mira owes Otto a boat.', ['Mira', 'Otto']),
      fact('The silver key opens the tower.', ['silver key'], 'tower'),
    ],
    scene,
  );
  expect(chosen.map(({ statement }) => statement)).toEqual([
    'The silver key opens the tower.',
    'The inn has no cellar.',
    'Mira owes Otto a boat.',
    'The town has a wall.',
    'Salt is money.',
  ]);
});
