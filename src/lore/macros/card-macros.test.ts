import { expect, test } from 'vitest';
import { render } from './macro-fixtures.ts';

const card = {
  description: 'Keeps the light.',
  personality: 'Calm',
  scenario: 'A harbour',
  exampleDialogue: '<START>',
  systemPrompt: 'Be {{char}}.',
  postHistoryInstructions: 'Stay.',
  creatorNotes: 'Notes',
  version: '1.2',
  firstMessage: 'Hello {{user}}',
  depthPrompt: 'Deep',
};

test.each([
  ['description', 'Keeps the light.'],
  ['charDescription', 'Keeps the light.'],
  ['personality', 'Calm'],
  ['charPersonality', 'Calm'],
  ['scenario', 'A harbour'],
  ['charScenario', 'A harbour'],
  ['mesExamples', '<START>'],
  ['mesExamplesRaw', '<START>'],
  ['charPrompt', 'Be Mira.'],
  ['charInstruction', 'Stay.'],
  ['charJailbreak', 'Stay.'],
  ['charDepthPrompt', 'Deep'],
  ['charCreatorNotes', 'Notes'],
  ['creatorNotes', 'Notes'],
  ['charVersion', '1.2'],
  ['char_version', '1.2'],
  ['charFirstMessage', 'Hello 小明'],
  ['firstMessage', 'Hello 小明'],
  ['greeting', 'Hello 小明'],
])('{{%s}} says what the card says', (name, said) => {
  expect(render(`{{${name}}}`, { card })).toBe(said);
  expect(render(`{{${name}}}`)).toBe('');
});

test('{{persona}} is the persona’s description', () => {
  expect(render('{{persona}}', { persona: '{{user}} is tall.' })).toBe('小明 is tall.');
});

test('a field that holds itself, directly or through another, is empty inside', () => {
  expect(
    render('{{description}}', { card: { description: 'a{{personality}}', personality: 'b{{description}}' } }),
  ).toBe('ab');
});

test('{{original}} is what was replaced: once in st, everywhere in spec', () => {
  const original = 'You are {{char}}.';
  expect(render('<{{original}}|{{ORIGINAL}}>', { original })).toBe('<You are Mira.|>');
  expect(render('<{{original}}|{{original}}>', { original, mode: 'spec' })).toBe('<You are Mira.|You are Mira.>');
  expect(render('<{{original}}>')).toBe('<>');
});
