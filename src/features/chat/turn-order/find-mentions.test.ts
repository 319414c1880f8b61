import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findCalled, findMentions } from './find-mentions.ts';

const people = [
  { participantId: 'mira', names: ['Mira', '米拉'] },
  { participantId: 'anna', names: ['Anna'] },
  { participantId: 'maria', names: ['Anna Maria', '陆遥'] },
  { participantId: 'tomas', names: ['Tomás'] },
  { participantId: 'will', names: ['Will'] },
  { participantId: 'yan', names: ['燕', '小雨'] },
];

test.each<[string, string[]]>([
  ['What do you think, Mira?', ['mira']],
  ['mira, MIRA', ['mira']],
  ['Mira’s lamp', ['mira']],
  ['A Miranda warning, a mirage', []],
  ['Mira2 is a robot', []],
  ['Tomas and then Mira', ['tomas', 'mira']],
  ['TOMÁS!', ['tomas']],
  ['Ｍｉｒａ在吗', ['mira']],
  ['Anna Maria knows', ['maria']],
  ['Anna, Maria', ['anna']],
  ['Anna told Anna Maria', ['anna', 'maria']],
  ['陆遥你在吗？小雨呢', ['maria', 'yan']],
  ['请Mira说说', ['mira']],
  ['米拉和陆遥', ['mira', 'maria']],
  ['燕子飞走了', []],
  ['燕，你说', ['yan']],
  ['I will go', []],
  ['Will you come?', []],
  ['Will, come here', ['will']],
  ['I asked Will about it', ['will']],
  ['@will what now', ['will']],
  ['', []],
])('%s', (text, mentioned) => {
  expect(findMentions(text, people)).toEqual(mentioned);
});

test.each<[string, string[]]>([
  ['@Mira hello', ['mira']],
  ['@tomas, @Mira both of you', ['tomas', 'mira']],
  ['@陆遥你好', ['maria']],
  ['  @Anna Maria hi', ['maria']],
  ['@will so?', ['will']],
  ['Hello @Mira', []],
  ['@Nobody @Mira', []],
  ['@Mirabel', []],
  ['mail me @ Mira', []],
])('called: %s', (text, called) => {
  expect(findCalled(text, people)).toEqual(called);
});

test('whatever the text and the names, only people of the room are found, each once', () => {
  const name = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('Mira', '燕', 'ﬁ', 'İ', '@', '.*', '\ud800'));
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.array(name, { maxLength: 5 }), (text, names) => {
      const room = names.map((one, index) => ({ participantId: `p${index}`, names: [one] }));
      for (const found of [findMentions(text, room), findCalled(text, room)]) {
        expect(new Set(found).size).toBe(found.length);
        for (const id of found) expect(room.map(({ participantId }) => participantId)).toContain(id);
      }
    }),
  );
});
