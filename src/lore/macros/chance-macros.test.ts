import fc from 'fast-check';
import { expect, test } from 'vitest';
import { render } from './macro-fixtures.ts';

const at = (random: number, text: string, mode: 'st' | 'spec' = 'st') => render(text, { random: () => random, mode });

test('{{random:A,B}} takes one of its words', () => {
  expect(at(0, '{{random:red, green ,blue}}')).toBe('red');
  expect(at(0.5, '{{random:red, green ,blue}}', 'spec')).toBe('green');
  expect(at(0.999, '{{RANDOM red,green,blue}}')).toBe('blue');
});

test('{{random}} draws anew each time', () => {
  const draws = [0, 0.9];
  expect(render('{{random:a,b}}{{random:a,b}}', { random: () => draws.shift() ?? 0 })).toBe('ab');
});

test('`\\,` is a comma of a word', () => {
  expect(at(0, '{{random:a\\,b,c}}', 'spec')).toBe('a,b');
  expect(at(0.9, '{{random:a\\,b,c}}', 'spec')).toBe('c');
});

test('`::` keeps commas', () => {
  expect(at(0, '{{random::a,b::c}}')).toBe('a,b');
  expect(at(0.9, '{{random::a,b::c}}')).toBe('c');
});

test('words of {{random}} may come from macros', () => {
  expect(at(0.9, '{{random:{{char}},{{user}}}}')).toBe('小明');
});

test('{{pick}} is stable for a conversation, and differs between conversations and places', () => {
  const options = Array.from({ length: 50 }, (_, index) => `w${index}`).join(',');
  const text = `{{pick:${options}}} {{pick:${options}}}`;
  const said = render(text);
  expect(render(text, { random: () => 0.1, now: 1 })).toBe(said);
  const [first, second] = said.split(' ');
  expect(first).not.toBe(second);
  expect(new Set(['a', 'b', 'c', 'd'].map((seed) => render(text, { seed }))).size).toBeGreaterThan(1);
});

test('{{pick}} in spec is the same for the same words', () => {
  const text = `{{pick:${Array.from({ length: 50 }, (_, index) => `w${index}`).join(',')}}}`;
  const [first, second] = render(`${text} ${text}`, { mode: 'spec' }).split(' ');
  expect(first).toBe(second);
  expect(render(`Before. ${text}`, { mode: 'spec' })).toBe(`Before. ${first}`);
});

test.each([
  ['{{roll:6}}', 1, 6],
  ['{{roll:d6}}', 1, 6],
  ['{{roll d20}}', 1, 20],
  ['{{roll::2d6}}', 2, 12],
  ['{{roll:1d20+3}}', 4, 23],
  ['{{roll:1d4-2}}', -1, 2],
  ['{{roll:d%}}', 1, 100],
])('%s is between %i and %i', (text, least, most) => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
      const sum = Number(at(random, text));
      expect(sum).toBeGreaterThanOrEqual(least);
      expect(sum).toBeLessThanOrEqual(most);
    }),
  );
  expect(Number(at(0, text))).toBe(least);
  expect(Number(at(0.9999, text))).toBe(most);
});

test.each(['{{roll:x}}', '{{roll:0d6}}', '{{roll:d0}}', '{{roll:9999d6}}', '{{roll:1d6+}}'])(
  '%s is no throw',
  (text) => {
    expect(at(0.5, text)).toBe('');
  },
);
