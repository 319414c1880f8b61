import { expect, test } from 'vitest';
import { hasVolatileMacros } from './has-volatile-macros.ts';

test.each([
  ['plain words', false],
  ['{{char}} and {{user}}, {{pick:a,b}}, {{description}}', false],
  ['{{unknown}} {{reverse:{{char}}}} {{// {{char}} }}', false],
  ['{{if personality}}a{{else}}b{{/if}}', false],
  ['{{if !.flag}}a{{/if}}', true],
  ['{{if {{getvar::flag}}}}a{{/if}}', true],
  ['{{if lastMessage}}a{{/if}}', true],
  ['{{.mood}}', true],
  ['{{time}}', true],
  ['{{reverse:{{random:a,b}}}}', true],
  ['{{roll:6}}', true],
  ['{{setvar::a::1}}', true],
  ['{{lastMessage}}', true],
  ['{{outlet::Lore}}', true],
])('%s may change between turns: %s', (text, isVolatile) => {
  expect(hasVolatileMacros(text)).toBe(isVolatile);
});
