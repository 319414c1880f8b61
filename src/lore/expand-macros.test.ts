import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandMacros } from './expand-macros.ts';

const names = { char: 'Mira', user: '小明' };

test.each([
  ['{{char}} greets {{user}}.', 'Mira greets 小明.'],
  ['{{CHAR}} {{ User }} <BOT> <char> <User>', 'Mira 小明 Mira Mira 小明'],
  ['{{char}}{{char}}', 'MiraMira'],
  ['{{random:a,b}} {{time}} {char} { {char} }', '{{random:a,b}} {{time}} {char} { {char} }'],
  ['<character> <users> <start>', '<character> <users> <start>'],
  ['', ''],
])('%s', (text, expanded) => {
  expect(expandMacros(text, names)).toBe(expanded);
});

test('a name is put in as it is, whatever it looks like', () => {
  expect(expandMacros('{{char}} & {{user}}', { char: '$& $1 $$', user: '\\0 {{char}}' })).toBe(
    '$& $1 $$ & \\0 {{char}}',
  );
});

test('a name that is a macro itself is not expanded again', () => {
  expect(expandMacros('{{char}}', { char: '{{user}}', user: 'Ann' })).toBe('{{user}}');
});

test('text without macros stays as it is, and no macro survives', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !/[{}<>]/.test(text)),
    fc.constantFrom('{{char}}', '{{user}}', '<BOT>', '<USER>', '{{ CHAR }}'),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const expected = pieces.map((text) =>
        /char|bot/i.test(text) && /[{<]/.test(text) ? 'Mira' : /[{<]/.test(text) ? '小明' : text,
      );
      expect(expandMacros(pieces.join(''), names)).toBe(expected.join(''));
    }),
  );
});
