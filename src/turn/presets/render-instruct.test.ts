import { expect, test } from 'vitest';
import { instructTemplateSchema } from '../../../contract/prompts.ts';
import { renderMacros } from '../../lore/macros/render-macros.ts';
import { renderInstruct } from './render-instruct.ts';

const names = { char: 'Mira', user: 'Ann' };
const render = (text: string, { extra }: { extra: ReadonlyMap<string, string> }) =>
  renderMacros(text, {
    mode: 'st',
    names,
    extra,
    now: 0,
    seed: '',
    random: () => 0,
    variables: { local: new Map(), global: new Map() },
  });

test('the marks’ macros are rendered, with the speaker’s name; other keys stay behind', () => {
  const template = instructTemplateSchema.parse({
    name: 'T',
    input_sequence: '### {{name}}:',
    output_sequence: '### {{name}}: {{char}}',
    system_sequence: '### {{name}} of {{user}}:',
    odd: 1,
  });
  const marks = renderInstruct(template, { names, render });
  expect(marks).toMatchObject({
    name: 'T',
    input_sequence: '### Ann:',
    output_sequence: '### Mira: Mira',
    system_sequence: '### System of Ann:',
  });
  expect(marks).not.toHaveProperty('odd');
  expect(renderInstruct({ ...template, macro: false }, { names, render }).input_sequence).toBe('### {{name}}:');
});
