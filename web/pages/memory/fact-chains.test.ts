import { expect, test } from 'vitest';
import { chainFacts } from './fact-chains.ts';
import { someFact } from './memory-fixtures.ts';

const ids = (...facts: Parameters<typeof chainFacts>[0]) => chainFacts(facts).map((chain) => chain.map(({ id }) => id));

test('puts what changed into one chain, the newest last, where the newest stood', () => {
  const lyon = someFact('lyon', { replacedById: 'porto', saidAt: 1 });
  const porto = someFact('porto', { replacesId: 'lyon', replacedById: 'faro', saidAt: 2 });
  const faro = someFact('faro', { replacesId: 'porto', saidAt: 3 });
  expect(ids(someFact('a'), lyon, faro, someFact('b'), porto)).toEqual([['a'], ['lyon', 'porto', 'faro'], ['b']]);
});

test('leaves alone what follows something that is not shown', () => {
  expect(ids(someFact('new', { replacesId: 'gone' }), someFact('old', { replacedById: 'elsewhere' }))).toEqual([
    ['new'],
    ['old'],
  ]);
});

test('loses no fact when they name each other in a circle', () => {
  const left = someFact('left', { replacedById: 'right' });
  const right = someFact('right', { replacedById: 'left' });
  expect(
    ids(left, right, someFact('self', { replacedById: 'self' }))
      .flat()
      .sort(),
  ).toEqual(['left', 'right', 'self']);
});
