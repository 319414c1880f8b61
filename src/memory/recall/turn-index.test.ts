import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankTurns } from './rank-turns.ts';
import { TurnIndex } from './turn-index.ts';
import type { RecallTurn } from './turn-index.ts';

const MINUTE = 60_000;

function turn(id: string, text: string, rest: Partial<RecallTurn> = {}): RecallTurn {
  return {
    id,
    parentId: null,
    conversationId: 'c',
    depth: 0,
    speaker: 'Ada',
    byHuman: true,
    text,
    at: Number(/\d+/.exec(id)?.[0] ?? 0) * MINUTE,
    ...rest,
  };
}

function find(index: TurnIndex, ids: readonly string[], text: string) {
  return rankTurns(index, {
    view: index.view([ids]),
    query: { texts: [{ text, weight: 1 }], now: 1e9, timeZone: 'UTC', names: [] },
    exclude: new Set(),
    vectors: null,
    limit: 10,
  });
}

test('a removed or replaced turn is not found, and its words count for nothing', () => {
  const index = new TurnIndex();
  index.put(turn('1', 'We planted a quince tree.'));
  index.put(turn('2', 'Supper was late.'));
  const view = index.view([['1', '2']]);
  expect(find(index, ['1', '2'], 'quince')[0]).toMatchObject({ id: '1', words: ['quince'] });
  index.put(turn('1', 'We planted a medlar.'));
  expect(find(index, ['1', '2'], 'quince')).toEqual([]);
  expect(view.size).toBe(2);
  index.remove('1');
  expect(index.has('1')).toBe(false);
  expect(index.get('1')).toBeUndefined();
  expect(view.size).toBe(1);
  expect(find(index, ['1', '2'], 'medlar')).toEqual([]);
});

test('only what the view holds is found, and a view can be extended and catches up', () => {
  const index = new TurnIndex();
  index.put(turn('1', 'The heron came back.'));
  index.put(turn('2', 'The heron left.'));
  expect(find(index, ['1'], 'heron').map(({ id }) => id)).toEqual(['1']);
  const view = index.view([['1', '3']]);
  expect(view.size).toBe(1);
  index.put(turn('3', 'A heron again.'));
  expect(view.size).toBe(2);
  view.extend(0, ['2']);
  expect(view.size).toBe(3);
  expect(() => view.extend(1, ['2'])).toThrow('This view has 1 chains');
});

test('neighbours at a fork lean on the shared turn', () => {
  const index = new TurnIndex();
  for (const id of ['1', '2', '3', '4']) index.put(turn(id, `turn ${id}`));
  const view = index.view([
    ['1', '2', '3'],
    ['1', '2', '4'],
  ]);
  expect(view.size).toBe(4);
  expect(view.previousOf(index.slotOf('4'))).toBe(index.slotOf('2'));
  expect(view.nextOf(index.slotOf('2'))).toBe(index.slotOf('3'));
});

test('memory given back: removing most of many turns shrinks the index', () => {
  const index = new TurnIndex();
  for (let at = 0; at < 3000; at += 1) index.put(turn(`${at}`, `word${at} and thing${at % 50} 第${at}句话`));
  const before = index.bytes;
  for (let at = 0; at < 2900; at += 1) index.remove(`${at}`);
  expect(index.size).toBe(100);
  expect(index.slotCount).toBeLessThan(1000);
  expect(index.bytes).toBeLessThan(before / 3);
  expect(find(index, ['2950'], 'word2950').map(({ id }) => id)).toEqual(['2950']);
});

const words = ['heron', 'Boote', 'quince', '科学', '医院', '猫', '서울', '3', 'yesterday', 'Lyon?', 'bought'];
const step = fc.record({
  id: fc.integer({ min: 0, max: 40 }),
  remove: fc.boolean(),
  text: fc.array(fc.constantFrom(...words), { maxLength: 6 }).map((chosen) => chosen.join(' ')),
});

test('an index ranks as one built from scratch does, to the last bit', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 1200, size: 'max' }), fc.constantFrom(...words), (steps, asked) => {
      const index = new TurnIndex();
      const turns = new Map<string, RecallTurn>();
      const ids = Array.from({ length: 41 }, (_, id) => String(id));
      const view = index.view([ids.slice(0, 20), ids.slice(20)]);
      for (const { id, remove, text } of steps) {
        if (remove) {
          index.remove(String(id));
          turns.delete(String(id));
        } else {
          const put = turn(String(id), text, { speaker: id % 2 === 0 ? 'Ada' : 'Bo' });
          index.put(put);
          turns.set(put.id, put);
        }
      }
      const fresh = new TurnIndex();
      for (const put of [...turns.values()].toSorted((a, b) => b.at - a.at)) fresh.put(put);
      const query = {
        texts: [{ text: `When did I and Ada see ${asked} heron?`, speaker: 'Bo', weight: 1 }],
        now: 1e9,
        timeZone: 'UTC',
        names: ['Lyon'],
      };
      const vectors = new Map([...turns.keys()].map((id) => [id, Math.sin(Number(id))]));
      const options = { query, exclude: new Set<string>(), limit: 15, vectors };
      expect(rankTurns(index, { ...options, view })).toEqual(
        rankTurns(fresh, { ...options, view: fresh.view([ids.slice(0, 20), ids.slice(20)]) }),
      );
    }),
    { numRuns: 60 },
  );
});
