import { expect, test } from 'vitest';
import { macroContext } from './macro-fixtures.ts';
import { renderMacros } from './render-macros.ts';

/** Renders one text after another with the same variables. */
function told(...texts: string[]): string {
  const context = macroContext();
  return texts.map((text) => renderMacros(text, context)).at(-1) ?? '';
}

test.each(['var', 'globalvar'])('get, set, add, inc, dec, has and delete %s', (kind) => {
  expect(told(`{{set${kind}::a:: x::y }}[{{get${kind}::a}}]`)).toBe('[x::y]');
  expect(told(`[{{get${kind}::none}}]`)).toBe('[]');
  expect(told(`{{set${kind}::a::2}}{{add${kind}::a::3}}{{get${kind}::a}}`)).toBe('5');
  expect(told(`{{set${kind}::a::x}}{{add${kind}::a::3}}{{get${kind}::a}}`)).toBe('x3');
  expect(told(`{{set${kind}::a::[1]}}{{add${kind}::a::x}}{{get${kind}::a}}`)).toBe('[1,"x"]');
  expect(told(`{{add${kind}::a::3}}{{get${kind}::a}}`)).toBe('3');
  expect(told(`{{inc${kind}::a}}{{inc${kind} a}}{{dec${kind}::a}}`)).toBe('121');
  expect(told(`{{has${kind}::a}}{{set${kind}::a::1}}{{has${kind}::a}}`)).toBe('falsetrue');
  expect(told(`{{set${kind}::a::1}}{{delete${kind}::a}}{{has${kind}::a}}`)).toBe('false');
  expect(told(`{{set${kind}::a::1}}{{flush${kind}::a}}{{${kind}exists::a}}`)).toBe('false');
});

test('local and global variables of one name are two', () => {
  expect(told('{{setvar::a::1}}{{setglobalvar::a::2}}{{.a}}{{$a}}')).toBe('12');
});

test.each([
  ['get', '{{.a}}', '5', '5'],
  ['=', '{{.a = 7 }}', '', '7'],
  ['++', '{{.a++}}', '6', '6'],
  ['--', '{{ .a -- }}', '4', '4'],
  ['+=', '{{.a += 10}}', '', '15'],
  ['+= words', '{{.a += {{noop}} b}}', '', '5 b'],
  ['-=', '{{.a -= 2}}', '', '3'],
  ['-= words', '{{.a -= x}}', '', '5'],
  ['|| of a truthy one', '{{.a || {{.a = 9}}b}}', '5', '5'],
  ['?? of a defined one', '{{.a ?? {{.a = 9}}b}}', '5', '5'],
  ['||= of a truthy one', '{{.a ||= b}}', '5', '5'],
  ['??= of a defined one', '{{.a ??= b}}', '5', '5'],
  ['==', '{{.a == 5}}', 'true', '5'],
  ['== words', '{{.a == x}}', 'false', '5'],
  ['!=', '{{.a != 5}}', 'false', '5'],
  ['>', '{{.a > 4}}', 'true', '5'],
  ['>=', '{{.a >= 5}}', 'true', '5'],
  ['<', '{{.a < 5}}', 'false', '5'],
  ['<=', '{{.a <= 5}}', 'true', '5'],
  ['> words', '{{.a > x}}', 'false', '5'],
  ['nested', '{{.a = {{char}}!}}', '', 'Mira!'],
])('the shorthand’s %s', (_, text, said, left) => {
  for (const sigil of ['.', '$']) {
    const context = macroContext();
    const variables = sigil === '.' ? context.variables.local : context.variables.global;
    variables.set('a', '5');
    expect(renderMacros(text.replaceAll('.a', `${sigil}a`), context)).toBe(said);
    expect(variables.get('a')).toBe(left);
  }
});

test('|| takes over for falsy, ?? for absent variables', () => {
  expect(told('{{.a = 0}}', '{{.a || x}}{{.a ?? y}}{{.b || x}}{{.b ?? y}}')).toBe('x0xy');
  expect(told('{{.a = off}}', '{{.a ||= x}}{{.a}}{{.b ??= y}}{{.b}}')).toBe('xxyy');
});

test('names have letters, digits, `_` and `-` inside', () => {
  expect(told('{{.my-var_2 = x}}{{.my-var_2}} {{.2a}} {{.}} {{.a b}}')).toBe('x {{.2a}} {{.}} {{.a b}}');
});

test('a conversation’s variables stay within bounds', () => {
  const context = macroContext();
  renderMacros('{{setvar::big::{{space::1000}}{{space::1000}}x}}'.repeat(2), context);
  for (let index = 0; index < 3000; index += 1) renderMacros(`{{setvar::v${index}::x}}`, context);
  expect(context.variables.local.size).toBe(2000);
  for (let round = 0; round < 20; round += 1) renderMacros('{{.v1 += {{.v1}}{{.v1}}{{.v1}}}}', context);
  expect(context.variables.local.get('v1')?.length).toBeLessThanOrEqual(100_000);
});
