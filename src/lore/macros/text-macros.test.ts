import { expect, test } from 'vitest';
import { macroContext, render } from './macro-fixtures.ts';
import { renderMacros } from './render-macros.ts';

test('{{// x}} is removed, its macros unrun', () => {
  const context = macroContext();
  expect(renderMacros('a{{// {{setvar::x::1}} :: b}}c', context)).toBe('ac');
  expect(renderMacros('a{{ // }}\nmany {{setvar::x::1}}\nlines\n{{ /// }}c', context)).toBe('ac');
  expect(context.variables.local.size).toBe(0);
});

test('{{hidden_key:x}} is removed, and there for keys of lore', () => {
  expect(render('a{{hidden_key:dragon}}')).toBe('a');
  expect(render('a{{hidden_key:dragon}}', { forMatching: true })).toBe('adragon');
});

test('{{comment:x}} is shown, not sent, not matched', () => {
  expect(render('a{{comment:note}}')).toBe('a');
  expect(render('a{{comment:note}}', { forMatching: true })).toBe('a');
  expect(render('a{{comment: {{char}} }}', { forDisplay: true })).toBe('aMira');
});

test('{{reverse:x}} turns words around, signs whole', () => {
  expect(render('{{reverse:Hello}}{{reverse:a👨‍👩‍👧é}}')).toBe('olleHé👨‍👩‍👧a');
});

test('{{trim}} eats the newlines beside it', () => {
  expect(render('a\n\n{{trim}}\r\n\nb')).toBe('ab');
  expect(render('a \n{{noop}}\n{{trim}}{{noop}}\n b')).toBe('a  b');
  expect(render('{{trim}}  x \n {{/trim}}')).toBe('x');
});

test('{{newline}} and {{space}} repeat', () => {
  expect(render('a{{newline}}b{{newline::2}}c{{space}}d{{space::3}}e')).toBe('a\nb\n\nc d   e');
});

test('{{noop}} says nothing', () => expect(render('a{{noop}}b')).toBe('ab'));

test('{{input}} is what stands in the composer', () => {
  expect(render('{{input}}', { input: 'Hi {{char}}' })).toBe('Hi {{char}}');
  expect(render('{{input}}')).toBe('');
});

test('{{outlet::Name}} is lore for that name, in its case', () => {
  const outlets = new Map([['Town', 'A town. {{char}}']]);
  expect(render('{{outlet::Town}}|{{outlet::town}}', { outlets })).toBe('A town. {{char}}|');
});

test('{{banned}} leaves the text', () => expect(render('a{{banned "word"}}b')).toBe('ab'));

test('further texts are known by their names', () => {
  const extra = new Map([['model', 'small']]);
  expect(render('{{Model}} {{model:x}} {{other}}', { extra })).toBe('small {{model:x}} {{other}}');
});
