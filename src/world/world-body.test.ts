import { expect, test } from 'vitest';
import { placeSchema, residentSchema } from '../../contract/worlds.ts';
import { checkWorldBody, placeWithParents } from './world-body.ts';

const place = (id: string, more: object = {}) => placeSchema.parse({ id, name: `The ${id}`, ...more });

test('a way leads both ways, once, and never from a place to itself', () => {
  const { places } = checkWorldBody({
    places: [place('inn', { connections: ['pier', 'inn', 'pier'] }), place('pier')],
    residents: [],
  });
  expect(places.map(({ connections }) => connections)).toEqual([['pier'], ['inn']]);
});

test.each([
  ['two places with one id', [place('a'), place('a')]],
  ['a parent that is not there', [place('a', { parentId: 'b' })]],
  ['a way to nowhere', [place('a', { connections: ['b'] })]],
  ['a place in itself', [place('a', { parentId: 'a' })]],
  ['a circle of places', [place('a', { parentId: 'b' }), place('b', { parentId: 'c' }), place('c', { parentId: 'a' })]],
])('%s is refused', (_, places) => {
  expect(() => checkWorldBody({ places, residents: [] })).toThrow(expect.objectContaining({ field: 'places' }));
});

test('somebody can only be where there is a place', () => {
  const residents = [residentSchema.parse({ name: 'Otto', placeId: 'inn' })];
  expect(() => checkWorldBody({ places: [], residents })).toThrow(expect.objectContaining({ field: 'residents' }));
});

test('a place is told with all it lies in, the nearest first', () => {
  const places = [place('room', { parentId: 'inn' }), place('inn', { parentId: 'town' }), place('town')];
  expect(placeWithParents(places, 'room').map(({ id }) => id)).toEqual(['room', 'inn', 'town']);
});
