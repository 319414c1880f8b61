import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toMessagePhrases, toMessageWords } from './message-words.ts';
import { excerptOf, findMarks } from './search-marks.ts';

const marked = (text: string, query: string) =>
  findMarks(text, toMessagePhrases(query)).map(([from, to]) => text.slice(from, to));

test.each([
  ['We drank Coffee, twice: coffee!', 'coffee', ['Coffee', 'coffee']],
  ['A Café by the sea', 'cafe', ['Café']],
  ['A Cafe\u0301 by the sea', 'cafe', ['Cafe\u0301']],
  ['今天的咖啡很好', '咖啡', ['咖啡']],
  ['今天的咖啡很好', '的', ['的']],
  ['我們在臺灣', '我们', ['我們']],
  ['我们在广东', '廣東', ['广东']],
  ['用Node写，写完', 'node 写', ['Node', '写', '写']],
  ['the lamp turned', '"lamp turn"', []],
  ['the lamp turned', '“lamp turned”', ['lamp turned']],
  ['lamp post, lamps', 'lamp', ['lamp', 'lamps']],
  ['lamp post, lamps', '"lamp"', ['lamp']],
  ['don’t go', 'don’t', ['don’t']],
  ['𠮷野家 and 👩‍👩‍👧 tea', 'tea', ['tea']],
  ['ＦＵＬＬ　ｗｉｄｔｈ', 'full', ['ＦＵＬＬ']],
  ['nothing', '%', []],
])('in “%s” the query %s marks %j', (text, query, found) => {
  expect(marked(text, query)).toEqual(found);
});

test('quotes make one exact phrase, words may be begun, and hostile queries are plain words', () => {
  expect(toMessagePhrases('red "old lamp" 灯塔')).toEqual([
    { words: ['red'], open: true },
    { words: ['old', 'lamp'], open: false },
    { words: ['灯', '塔'], open: false },
  ]);
  expect(toMessagePhrases('"never closed')).toEqual([
    { words: ['never'], open: true },
    { words: ['closed'], open: true },
  ]);
  expect(toMessagePhrases('" ” * % -- 。')).toEqual([]);
  expect(toMessagePhrases('a AND b NOT c NEAR(x)').flatMap(({ words }) => words)).toEqual([
    'a',
    'and',
    'b',
    'not',
    'c',
    'near',
    'x',
  ]);
});

test('whatever was written, every word of it is marked where it stands', () => {
  const piece = fc.constantFrom('lamp', 'Lamps', '灯塔', '燈', 'café', 'の', ' ', '，', '\n', '🎉', '7', 'ß', 'ﬁre');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), fc.nat(19), (pieces, at) => {
      const text = pieces.join('');
      const words = toMessageWords(text).split(' ').filter(Boolean);
      const word = words[at % Math.max(1, words.length)];
      fc.pre(word !== undefined);
      const marks = findMarks(text, [{ words: [word], open: false }]);
      expect(marks.length).toBeGreaterThan(0);
      for (const [from, to] of marks) expect(toMessageWords(text.slice(from, to))).toContain(word);
    }),
  );
});

test('an excerpt is one line around the first mark, and its ranges are its own', () => {
  const text = `${'Before it all. '.repeat(40)}\n\nThe *lantern* was lit. ${'After it all. '.repeat(40)}`;
  const excerpt = excerptOf(text, toMessagePhrases('lantern'));
  expect(excerpt).toMatchObject({ cutBefore: true, cutAfter: true });
  expect(excerpt.text.length).toBeLessThanOrEqual(241);
  expect(excerpt.marks.map(([from, to]) => excerpt.text.slice(from, to))).toEqual(['lantern']);
  expect(excerpt.text).not.toMatch(/[*\n]/);
  expect(excerptOf('short', toMessagePhrases('absent'))).toEqual({
    text: 'short',
    marks: [],
    cutBefore: false,
    cutAfter: false,
  });
});
