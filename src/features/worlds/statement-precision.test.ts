import { expect, test } from 'vitest';
import { findStatements } from './find-statements.ts';

const NAMES = ['The Long Pier', 'The Lamp', 'Saltmouth', 'Otto', 'Wren', '长堤', '灯笼客栈', '盐口镇', '老奥', '小雁'];

/** Sentences as they stand in talk, read by hand: true = a lasting truth of the world that its owner would want proposed. */
const SENTENCES: readonly (readonly [string, boolean])[] = [
  ['The Long Pier burned down in the great storm.', true],
  ['Otto owns every boat between here and Saltmouth.', true],
  ['Wren became keeper of the light after her father died.', true],
  ['The Lamp was built on the bones of a whale.', true],
  ['Saltmouth is ruled by a council of seven widows.', true],
  ['Under the Long Pier lies a door that no key opens.', true],
  ['Otto died last winter, under the ice.', true],
  ['The Lamp closed its doors for good.', true],
  ['Wren married the harbour master in spring.', true],
  ['Saltmouth was flooded twice that year.', true],
  ['Otto lost his left hand to a winch.', true],
  ['The Lamp has been haunted since the wreck.', true],
  ['Otto leaned on the counter of the Lamp.', false],
  ['Wren is humming at the window.', false],
  ['Otto lives for moments like this, does he not?', false],
  ['Maybe Otto owns the Lamp.', false],
  ['Wren looked at the Long Pier and sighed.', false],
  ['Otto says the Lamp was sold.', false],
  ['If Wren moved to Saltmouth, Otto would be lost.', false],
  ['I was born in Saltmouth.', false],
  ['Otto was a little tired.', false],
  ['The door of the Lamp opened and Wren came in.', false],
  ['Otto held his breath.', false],
  ['Wren was the first to laugh.', false],
  ['The soup at the Lamp is hot.', false],
  ['Otto kept quiet for a while.', false],
  ['长堤在那场大火里烧毁了。', true],
  ['老奥是盐口镇的镇长。', true],
  ['小雁住在灯笼客栈的阁楼里。', true],
  ['灯笼客栈建成已有一百年，归老奥所有。', true],
  ['盐口镇由七位寡妇统治。', true],
  ['老奥去年冬天去世了。', true],
  ['小雁嫁给了港务长。', true],
  ['长堤下面藏着一扇打不开的门。', true],
  ['盐口镇被海水淹没了两次。', true],
  ['灯笼客栈昨天关门了，再也不会有人来。', true],
  ['老奥靠在灯笼客栈的柜台上。', false],
  ['小雁正在窗边哼歌。', false],
  ['也许老奥是灯笼客栈的主人。', false],
  ['听说长堤烧毁了。', false],
  ['老奥笑了笑，坐了下来。', false],
  ['如果小雁搬到盐口镇，老奥会难过。', false],
  ['小雁是不是住在长堤？', false],
  ['我住在盐口镇。', false],
  ['灯笼客栈的汤是热的。', false],
  ['小雁望着长堤，叹了口气。', false],
];

/** How often the rules were right where they proposed something, and how much of what was there they found. */
test('of 46 sentences in two languages the rules propose little that is not so', () => {
  const judged = SENTENCES.map(([text, isTrue]) => {
    const isFound = findStatements([{ id: 'm', speaker: 'Mira', text }], NAMES).length > 0;
    return { text, isTrue, isFound };
  });
  const right = judged.filter(({ isTrue, isFound }) => isTrue && isFound).length;
  const found = judged.filter(({ isFound }) => isFound).length;
  const there = judged.filter(({ isTrue }) => isTrue).length;
  const wrong = judged.filter(({ isTrue, isFound }) => isFound && !isTrue).map(({ text }) => text);
  const missed = judged.filter(({ isTrue, isFound }) => isTrue && !isFound).map(({ text }) => text);
  expect(right / found, `wrong: ${wrong.join(' | ')}`).toBeGreaterThanOrEqual(0.8);
  expect(right / there, `missed: ${missed.join(' | ')}`).toBeGreaterThanOrEqual(0.6);
});
