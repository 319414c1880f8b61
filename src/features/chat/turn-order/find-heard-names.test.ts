import { describe, expect, test } from 'vitest';
import { processorTimeInMs } from '../../../../tests/support/processor-time.ts';
import { findHeardNames } from './find-heard-names.ts';
import { unlikeness } from './name-sounds.ts';

const people = [
  { participantId: 'mira', names: ['Mira Voss', 'Mira', '米拉'] },
  { participantId: 'wren', names: ['Wren'] },
  { participantId: 'tomas', names: ['Tomás', 'Tomas', 'Tom'] },
  { participantId: 'linxia', names: ['林夏', '夏夏'] },
  { participantId: 'xiaoyu', names: ['小雨'] },
  { participantId: 'zhangchen', names: ['张晨'] },
];

/** What recognisers write instead of a name. */
const heard: [text: string, who: string[]][] = [
  ['Mira, what do you think?', ['mira']],
  ['Myra, what do you think?', ['mira']],
  ['Meera what do you think?', ['mira']],
  ['Mirror, what do you think?', ['mira']],
  ['mirror what do you think', ['mira']],
  ['Hey Mila, are you there?', ['mira']],
  ['I would like to ask Myra about it.', ['mira']],
  ['Ren, where were you?', ['wren']],
  ['And what about Renn?', ['wren']],
  ['Rain, tell us.', ['wren']],
  ['Thomas, and you?', ['tomas']],
  ['thomas can you help', ['tomas']],
  ['Okay Tommas, your turn', ['tomas']],
  ['Mira Vos, please', ['mira']],
  ['Lynn Shah, what do you see?', ['linxia']],
  ['Shao you, what do you see?', ['xiaoyu']],
  ['林霞，你怎么看？', ['linxia']],
  ['临下你觉得呢', ['linxia']],
  ['宁夏，你来说', ['linxia']],
  ['下下，在吗？', ['linxia']],
  ['晓宇你觉得呢？', ['xiaoyu']],
  ['那小鱼怎么说', ['xiaoyu']],
  ['小云，你呢', ['xiaoyu']],
  ['章程，你呢', ['zhangchen']],
  ['张成，你呢', ['zhangchen']],
  ['张晨和晓雨，你们呢', ['zhangchen', 'xiaoyu']],
  ['米拉，你在听吗', ['mira']],
  ['米娅还是密拉？问米拉吧', ['mira']],
  ['托马斯，你呢？', ['tomas']],
  ['Ren and Thomas, go on.', ['wren', 'tomas']],
];

describe('a name that was heard', () => {
  test.each(heard)('%s', (text, who) => {
    expect(findHeardNames(text, people)).toEqual(who);
  });
});

describe('words that merely sound a little like a name', () => {
  test.each([
    'I looked into the mirror and it rained.',
    'Did the rain stop when you ran home?',
    'We were on the train, it was great fun.',
    'There are tomatoes in the soup.',
    'The meter is broken again.',
    'What time is it now?',
    '我在里面看书，外面在下雪。',
    '今天天气真不错，我们去公园吧。',
    '你小时候住在哪里？',
    '我觉得这样很好。',
  ])('%s', (text) => {
    expect(findHeardNames(text, people)).toEqual([]);
  });
});

test('of two names that are alike the liker one is meant', () => {
  const alike = [
    { participantId: 'mira', names: ['Mira'] },
    { participantId: 'mila', names: ['Mila'] },
  ];
  expect(findHeardNames('Mila, and you?', alike)).toEqual(['mila']);
  expect(findHeardNames('Meela, and you?', alike)).toEqual(['mila']);
  expect(findHeardNames('Myra, and you?', alike)).toEqual(['mira']);
});

test('two who are called the same are told apart by nobody', () => {
  const same = [
    { participantId: 'first', names: ['Anna'] },
    { participantId: 'second', names: ['Ana'] },
  ];
  expect(findHeardNames('Hanna, and you?', same)).toEqual([]);
});

test('hostile lengths are looked at in a moment', async () => {
  const hostile = ['mira '.repeat(50_000), '林'.repeat(50_000)];
  expect(await processorTimeInMs(() => hostile.map((text) => findHeardNames(text, people)))).toBeLessThan(5000);
});

test('unlikeness is between nothing and all, and the same both ways', () => {
  expect(unlikeness('mira', 'mira')).toBe(0);
  expect(unlikeness('mira', 'mila')).toBeCloseTo(unlikeness('mila', 'mira'));
  expect(unlikeness('', 'pt')).toBe(1);
});
