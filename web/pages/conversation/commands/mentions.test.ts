import { expect, test } from 'vitest';
import { insertName, matchNames, openMention, takeName } from './mentions.ts';

test.each([
  ['@', 1, { from: 0, query: '' }],
  ['Hello @mi', 9, { from: 6, query: 'mi' }],
  ['你好@小', 4, { from: 2, query: '小' }],
  ['你好＠小', 4, { from: 2, query: '小' }],
  ['mail@home', 9, null],
  ['Hello', 5, null],
  ['@one\ntwo', 8, null],
])('in %j at %i', (text, caret, mention) => expect(openMention(text, caret)).toEqual(mention));

test('names that begin with the query come first, then those of which a later word does', () => {
  expect(matchNames('mi', ['Old Mill', 'Emi', 'Mira'])).toEqual(['Mira', 'Old Mill', 'Emi']);
  expect(matchNames('砚', ['小砚', '米拉'])).toEqual(['小砚']);
});

test('the name takes the place of what was begun, in the middle of a text too', () => {
  const mention = openMention('Ask @mi about it', 7);
  expect(mention).not.toBeNull();
  if (mention === null) return;
  expect(insertName('Ask @mi about it', { mention, name: 'Mira' })).toEqual({ text: 'Ask @Mira about it', caret: 10 });
});

test('a name is taken from the beginning; the longest wins, and a part of a word is none', () => {
  const named = [{ name: 'Mira' }, { name: 'Mira Vance' }, { name: '小砚' }];
  expect(takeName('@mira vance, come here', named)).toEqual({ who: { name: 'Mira Vance' }, rest: 'come here' });
  expect(takeName('Mira: now', named)).toEqual({ who: { name: 'Mira' }, rest: 'now' });
  expect(takeName('小砚你过来', named)).toEqual({ who: { name: '小砚' }, rest: '你过来' });
  expect(takeName('Miracle', named)).toBeNull();
});
