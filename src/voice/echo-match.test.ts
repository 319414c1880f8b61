import { describe, expect, test } from 'vitest';
import { processorTimeInMs } from '../../tests/support/processor-time.ts';
import { isEcho } from './echo-match.ts';

const PLAYED_ENGLISH = [
  'I was just thinking about you, and about the long walk we took by the river last autumn.',
  'The old harbour is quiet in the morning, when the ships have gone and the gulls come back.',
  'My grandmother used to bake bread on Sundays, and the whole street would smell of it.',
  'If you want, we can plan the garden together; tomatoes first, then beans along the fence.',
  'There is a small museum near the station with a clock that has been wrong for fifty years.',
  'You told me yesterday that your knee was better, so I hope you went for your walk today.',
  'The Romans built this road almost two thousand years ago, and people still use it.',
  'Let me tell you a story about a lighthouse keeper who was afraid of the dark.',
];
const PLAYED_CHINESE = [
  '我刚刚在想你，想起去年秋天我们沿着河边散步的那个下午。',
  '早晨的老港口很安静，船都出海了，海鸥又飞回来了。',
  '我奶奶以前每个星期天都烤面包，整条街都能闻到香味。',
  '如果你愿意，我们可以一起计划花园，先种番茄，再种豆角。',
  '车站旁边有一个小博物馆，里面的钟已经错了五十年。',
  '你昨天告诉我膝盖好多了，希望你今天出去走了走。',
  '罗马人差不多两千年前修了这条路，人们到现在还在用。',
  '让我给你讲一个怕黑的灯塔守护人的故事吧。',
];
const SAID_ENGLISH = [
  'Can you tell me what the weather will be like tomorrow?',
  'No, I did not go for a walk today.',
  'What happened to the lighthouse keeper in the end?',
  'I do not like tomatoes at all.',
  'Stop, I want to talk about something else.',
  'When did you say the museum opens?',
  'My knee still hurts a little.',
  'Who built the road?',
  'Wait a moment, the doorbell is ringing.',
  'How much bread did she bake?',
  'You should come with me next time.',
  'I think it was my grandfather, actually.',
  'Could you speak a little slower please?',
  'That reminds me of my brother.',
  'Please call my daughter.',
  'wait',
  'no',
  'stop',
  'tell me about yourself',
  'I am tired',
];
const SAID_CHINESE = [
  '明天天气怎么样？',
  '我今天没有出去散步。',
  '那个守灯塔的人后来怎么样了？',
  '我一点也不喜欢番茄。',
  '等一下，有人敲门。',
  '博物馆几点开门？',
  '我的膝盖还是有点疼。',
  '这条路是谁修的？',
  '我们聊点别的吧。',
  '你能说慢一点吗？',
  '这让我想起我弟弟。',
  '请给我女儿打电话。',
  '不对',
  '停',
  '等等',
  '我有点累了',
  '你叫什么名字',
  '我想吃饭了',
];

/** Deterministic: a linear congruential generator. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('empty list');
  return item;
}

/** A piece of what was played as a recogniser might write it: some words dropped, some misheard. */
function misheard(played: string, random: () => number): string {
  const words = /\p{Script=Han}/u.test(played) ? Array.from(played.replace(/[，。；！？]/gu, '')) : played.split(' ');
  const length = Math.min(words.length, 4 + Math.floor(random() * 10));
  const from = Math.floor(random() * (words.length - length + 1));
  const others = /\p{Script=Han}/u.test(played)
    ? Array.from('的是在想说你我他又已')
    : ['a', 'the', 'of', 'and', 'walls', 'then', 'it'];
  const heard = words.slice(from, from + length).flatMap((word) => {
    const chance = random();
    if (chance < 0.06) return [];
    if (chance < 0.12) return [pick(others, random)];
    if (chance < 0.2 && word.length > 3) return [word.slice(0, -1)];
    return [word];
  });
  return heard.join(/\p{Script=Han}/u.test(played) ? '' : ' ').toLowerCase();
}

describe('isEcho', () => {
  test.each<[string, string, boolean]>([
    ['the long walk we took by the river', PLAYED_ENGLISH[0] ?? '', true],
    ['The long wok we took by a river last autumn', PLAYED_ENGLISH[0] ?? '', true],
    ['by the river', PLAYED_ENGLISH[0] ?? '', true],
    ['autumn', PLAYED_ENGLISH[0] ?? '', true],
    ['tumn', PLAYED_ENGLISH[0] ?? '', false],
    ['river stop', PLAYED_ENGLISH[0] ?? '', false],
    ['stop', 'We should stop there for lunch.', false],
    ['no', 'I know nothing, no, really.', false],
    ['the long walk we took by the river wait', PLAYED_ENGLISH[0] ?? '', false],
    ['the long walk we took by the river can I say something', PLAYED_ENGLISH[0] ?? '', false],
    ['wait the long walk we took by the river', PLAYED_ENGLISH[0] ?? '', false],
    ['this road almost 2,000 years ago', PLAYED_ENGLISH[6] ?? '', true],
    ['沿着河边散步', PLAYED_CHINESE[0] ?? '', true],
    ['眼着河边散布的那个下五', PLAYED_CHINESE[0] ?? '', true],
    ['沿着河边散步等一下', PLAYED_CHINESE[0] ?? '', false],
    ['沿着河边散步我想问你一个问题', PLAYED_CHINESE[0] ?? '', false],
    ['等一下', '等一下我们就出发。', false],
    ['', 'Hello.', false],
    ['Hello', '', false],
    ['...', '...', false],
    ['hello my friend', 'Hello, my friend!', true],
    ['我在看 Harry Potter', '我在看Harry Potter这本书。', true],
  ])('%j against %j: %j', (heard, playing, expected) => {
    expect(isEcho({ heard, playing })).toBe(expected);
  });

  test('finds echoes with recogniser errors and hardly ever dismisses a person', () => {
    const random = seeded(7);
    const echoes = Array.from({ length: 2000 }, (_, index) => {
      const clauses = index % 2 === 0 ? PLAYED_ENGLISH : PLAYED_CHINESE;
      const played = pick(clauses, random);
      return { heard: misheard(played, random), playing: `${pick(clauses, random)} ${played}` };
    });
    const people = [SAID_ENGLISH, SAID_CHINESE].flatMap((said, which) =>
      said.flatMap((heard) =>
        (which === 0 ? PLAYED_ENGLISH : PLAYED_CHINESE).map((playing, index, all) => ({
          heard,
          playing: `${all[(index + 1) % all.length] ?? ''} ${playing}`,
        })),
      ),
    );
    const missed = echoes.filter((sample) => !isEcho(sample));
    const dismissed = people.filter((sample) => isEcho(sample));
    expect(missed.length / echoes.length).toBeLessThanOrEqual(0.05);
    expect(dismissed.length / people.length).toBeLessThanOrEqual(0.01);
  });

  test('long texts take bounded time', async () => {
    const long = { heard: 'the river runs on '.repeat(20_000), playing: '沿着河边散步 walk '.repeat(20_000) };
    expect(await processorTimeInMs(() => isEcho(long))).toBeLessThan(2000);
  });
});
