import { expect, test } from 'vitest';
import { previewSchema, type Preview } from '../../../contract/drafting.ts';
import { createScriptedModel } from '../../models/scripted/scripted-model.ts';
import { messageText, promptTokens } from '../../models/scripted/scripted-tokens.ts';
import { housePrompt } from '../../turn/house-prompt.ts';
import { previewPrompt } from './preview.ts';

const names = { char: 'Otto', user: 'Ann' };
const { signal } = new AbortController();
const promptOf = async (some: Partial<Preview['fields']>, messages: Preview['messages'], contextLength = 4000) =>
  await previewPrompt({
    request: previewSchema.parse({ fields: { name: 'Otto', ...some }, messages, locale: 'en' }),
    names,
    now: Date.UTC(2026, 10, 25),
    model: createScriptedModel({ contextLength }),
    signal,
  });
const talk: Preview['messages'] = [
  { author: 'character', text: 'Step in, {{user}}.' },
  { author: 'user', text: 'Far?' },
];

test('macros of a card say what they say in a conversation, and the same each time', async () => {
  const fields = { description: '{{setvar::mood::calm}}{{char}} is {{getvar::mood}}.', personality: '{{roll:d1000}}' };
  const scene = { ...fields, scenario: '{{isodate}} {{personality}} {{unknown}}' };
  const [system] = await promptOf(scene, talk);
  expect(messageText(system!)).toContain('Otto is calm.');
  expect(messageText(system!)).toMatch(/2026-11-2\d \d+ \{\{unknown\}\}/);
  expect(await promptOf(scene, talk)).toEqual([system, ...(await promptOf(scene, talk)).slice(1)]);
});

test('a preview is the house’s frame, the card as edited, its examples, and the talk', async () => {
  const prompt = await promptOf(
    {
      description: '{{char}} rows.',
      systemPrompt: 'Be brief. {{original}}',
      exampleDialogue: '<START>\n{{user}}: Hm?\n{{char}}: Aye.',
      postHistoryInstructions: '{{original}} Stay calm.',
      depthPrompt: { text: 'It rains.', depth: 1, role: 'system' },
    },
    talk,
  );
  const [system] = prompt;
  expect(messageText(system!)).toMatch(/^Be brief\. You are Otto, in a conversation with Ann\./);
  expect(messageText(system!)).toContain('About Otto:\nOtto rows.');
  expect(prompt.slice(1).map((message) => [message.role, messageText(message)])).toEqual([
    ['user', 'Hm?'],
    ['assistant', 'Aye.'],
    ['user', housePrompt('en').opening],
    ['assistant', 'Step in, Ann.'],
    ['system', 'It rains.'],
    ['user', 'Far?'],
    ['system', 'Stay calm.'],
  ]);
});

test('a long talk loses its beginning, a character too long for the model is refused by name', async () => {
  const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`).join(' ');
  const long: Preview['messages'] = Array.from({ length: 40 }, (_, index) => ({
    author: index % 2 === 0 ? ('character' as const) : ('user' as const),
    text: `${index} ${words(50)}`,
  }));
  const prompt = await promptOf({}, long, 1000);
  expect(promptTokens(prompt).length).toBeLessThanOrEqual(750);
  expect(messageText(prompt.at(-1)!)).toMatch(/^39 /);
  await expect(promptOf({ description: words(2000) }, talk, 1000)).rejects.toMatchObject({ code: 'context-too-small' });
});
