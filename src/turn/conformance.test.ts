import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  cardOf,
  lore,
  openAssembly,
  said,
  system,
  talk,
  withLore,
  words,
  type Assembly,
  type Line,
} from '../../tests/support/assembly.ts';
import { contextTemplateSchema, presetSegmentSchema } from '../../contract/prompts.ts';
import { builtInPresets } from './presets/built-in-presets.ts';

/* SillyTavern's prompt order and budget, one test per rule. */

let assembly: Assembly;
const classic = builtInPresets.classic.body;

beforeAll(async () => {
  assembly = await openAssembly();
});
afterAll(() => assembly[Symbol.asyncDispose]());

const inOrder = (text: string, parts: readonly string[]) => {
  const places = parts.map((part) => text.indexOf(part));
  expect(
    places.every((place) => place >= 0),
    `${parts.join(' | ')} in ${text}`,
  ).toBe(true);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
};
const short: Line[] = [
  ['character', 'Hello'],
  ['human', 'Hi'],
];

describe('chat completion order', () => {
  test('main, WI before, persona, description, personality, scenario, auxiliary, WI after, examples, history, post-history', async () => {
    const { conversationId, ids } = await assembly.tell(short);
    const auxiliary = presetSegmentSchema.parse({ id: 'nsfw', slot: 'custom', name: 'Auxiliary', text: 'AUXILIARY' });
    const at = classic.segments.findIndex(({ slot }) => slot === 'lore-after');
    const made = await assembly.createAssembler()(conversationId, ids[1]!, {
      card: cardOf({
        systemPrompt: 'MAIN',
        description: 'DESCRIPTION',
        personality: 'PERSONALITY',
        scenario: 'SCENARIO',
        exampleDialogue: '<START>\n{{user}}: ASK\n{{char}}: EXAMPLE',
        postHistoryInstructions: 'POST',
      }),
      material: {
        ...withLore([lore('before-char', 'BEFORE'), lore('after-char', 'AFTER')]),
        persona: { name: 'Ann', description: 'PERSONA', position: 'prompt', depth: 0, role: 'system' },
      },
      body: { ...classic, segments: classic.segments.toSpliced(at, 0, auxiliary) },
    });
    const all = [system(made), ...said(made)].join('\n');
    inOrder(all, [
      'MAIN',
      'BEFORE',
      'PERSONA',
      'DESCRIPTION',
      'PERSONALITY',
      'SCENARIO',
      'AUXILIARY',
      'AFTER',
      'EXAMPLE',
      'Hello',
      'Hi',
      'POST',
    ]);
    // Bare, as the card words them.
    expect(all).not.toContain('About Mira');
  });

  test('narrator messages take the system role', async () => {
    const { conversationId, ids } = await assembly.tell([...short, ['narrator', 'Night falls.'], ['human', 'Oh.']]);
    const made = await assembly.createAssembler()(conversationId, ids.at(-1)!, { body: classic });
    // On a model without system text among the messages, the human's side carries it.
    expect(said(made).at(-1)).toBe('user: Hi\n\nNight falls.\n\nOh.');
    expect(made.messages.at(-1)?.pieces.map(({ chunk }) => chunk.role)).toEqual(['user', 'system', 'user']);
  });

  test('messages hidden from the prompt and deleted ones are not sent', async () => {
    const { conversationId, ids } = await assembly.tell([
      ['character', 'Hello'],
      ['human', 'HIDDEN', { hidden: true }],
      ['human', 'DELETED', { deletedAt: 5 }],
      ['human', 'Hi'],
    ]);
    const made = await assembly.createAssembler()(conversationId, ids.at(-1)!, { body: classic });
    expect(said(made).slice(1)).toEqual(['assistant: Hello', 'user: Hi']);
  });

  test('reasoning is never fed back unless asked', async () => {
    const { conversationId, ids } = await assembly.tell([
      [
        'character',
        'Hello',
        {
          parts: [
            { type: 'reasoning', text: 'THOUGHT' },
            { type: 'text', text: 'Hello' },
          ],
        },
      ],
      ['human', 'Hi'],
    ]);
    const assemble = assembly.createAssembler();
    expect(JSON.stringify((await assemble(conversationId, ids[1]!, { body: classic })).prompt)).not.toContain(
      'THOUGHT',
    );
    const fed = await assemble(conversationId, ids[1]!, { body: { ...classic, sendReasoning: true } });
    expect(said(fed)[1]).toBe('assistant: <think>\nTHOUGHT\n</think>\n\nHello');
  });
});

describe('text completion order', () => {
  test('a story string words system, WI before, description, personality, scenario, WI after, persona as it wants', async () => {
    const { conversationId, ids } = await assembly.tell(short);
    const story =
      '{{#if system}}{{system}}\n{{/if}}{{#if wiBefore}}{{wiBefore}}\n{{/if}}{{#if description}}{{description}}\n{{/if}}{{#if personality}}{{char}} is {{personality}}\n{{/if}}{{#if scenario}}Scene: {{scenario}}\n{{/if}}{{#if wiAfter}}{{wiAfter}}\n{{/if}}{{#if persona}}{{persona}}\n{{/if}}';
    const made = await assembly.createAssembler()(conversationId, ids[1]!, {
      card: cardOf({
        systemPrompt: 'SYSTEM',
        description: 'DESCRIPTION of {{user}}',
        scenario: '',
        personality: 'kind',
      }),
      material: {
        ...withLore([lore('before-char', 'BEFORE'), lore('after-char', 'AFTER')]),
        persona: { name: 'Ann', description: 'PERSONA', position: 'prompt', depth: 0, role: 'system' },
      },
      body: {
        ...classic,
        context: contextTemplateSchema.parse({ name: 'Plain', story_string: story, chat_start: '***' }),
      },
    });
    expect(system(made)).toBe('SYSTEM\nBEFORE\nDESCRIPTION of Ann\nMira is kind\nAFTER\nPERSONA');
    expect(said(made)[0]).toBe('user: ***');
    expect(made.segments[0]).toMatchObject({ kind: 'story', owner: 'Plain' });
  });

  test('in stable order lore that comes and goes stays out of the story', async () => {
    const { conversationId, ids } = await assembly.tell(short);
    const made = await assembly.createAssembler()(conversationId, ids[1]!, {
      material: withLore([lore('before-char', 'COMES'), lore('before-char', 'STAYS', { steady: true })]),
      body: { context: contextTemplateSchema.parse({ story_string: '{{wiBefore}} | {{description}}' }) },
    });
    expect(system(made)).toBe('STAYS | Keeps the light.');
    expect(said(made).at(-1)).toContain('COMES');
    expect(made.segments[0]).toMatchObject({ kind: 'story', stable: true });
  });
});

describe('budget', () => {
  test('fixed prompts are mandatory: an error says when they do not fit', async () => {
    const { conversationId, ids } = await assembly.tell(short);
    const card = cardOf({ description: words(3000, 'd') });
    await expect(assembly.createAssembler()(conversationId, ids[1]!, { card, body: classic })).rejects.toMatchObject({
      code: 'context-too-small',
    });
  });

  test('history fills from the newest and stops at the first misfit', async () => {
    const { conversationId, ids } = await assembly.tell([
      ['character', 'OLDEST'],
      ['human', words(1900, 'm')],
      ['character', 'Newer'],
      ['human', 'Newest'],
    ]);
    const made = await assembly.createAssembler()(conversationId, ids.at(-1)!, { body: classic });
    const text = JSON.stringify(made.prompt);
    expect(text).toContain('Newer');
    // It would fit by itself, but stands before the one that does not.
    expect(text).not.toContain('OLDEST');
    expect(made.dropped).toEqual([{ kind: 'history', tokens: 0, messages: 2 }]);
  });

  test('depth injections are part of the mandatory budget and spliced into the history that is left', async () => {
    const { conversationId, ids } = await assembly.tell(talk(40, 60));
    const material = withLore([lore('at-depth', words(600, 'deep'), { depth: 3, tokens: 600 })]);
    const made = await assembly.createAssembler()(conversationId, ids.at(-1)!, { material, body: classic });
    const text = JSON.stringify(made.prompt);
    expect(text).toContain('deep599');
    inOrder(text, ['t36w0', 'deep0', 't37w0', 't38w0', 't39w0']);
  });

  test('a preset’s own context and answer lengths are kept to', async () => {
    const { conversationId, ids } = await assembly.tell(talk(40, 60));
    const made = await assembly.createAssembler()(conversationId, ids.at(-1)!, {
      body: { ...classic, contextLength: 900, maxOutputTokens: 120 },
    });
    expect(made).toMatchObject({ maxOutputTokens: 120, contextLength: 900 });
    const total = made.segments.reduce((sum, { tokens }) => sum + tokens, 0);
    expect(total).toBeLessThanOrEqual(900 - 120);
    expect(total).toBeGreaterThan(300);
  });
});

describe('the preset’s words around the talk', () => {
  test('new-chat and new-example markers stand before the history and before each block', async () => {
    const { conversationId, ids } = await assembly.tell(short);
    const card = cardOf({ exampleDialogue: '<START>\n{{user}}: a\n{{char}}: b\n<START>\n{{user}}: c\n{{char}}: d' });
    const body = { ...classic, newChat: '[Start a new Chat]', newExampleChat: '[Example Chat]' };
    const made = await assembly.createAssembler()(conversationId, ids[1]!, { card, body });
    expect(system(made).endsWith('[Example Chat]')).toBe(true);
    expect(said(made)).toEqual([
      'user: a',
      'assistant: b',
      'user: [Example Chat]\n\nc',
      'assistant: d',
      'user: [Start a new Chat]',
      'assistant: Hello',
      'user: Hi',
    ]);
  });

  test('the continue nudge is the preset’s where the model cannot go on by itself', async () => {
    const { conversationId, ids } = await assembly.tell(short);
    const made = await assembly.createAssembler({ continuesAssistant: false })(conversationId, ids[1]!, {
      continueText: 'Once',
      body: { ...classic, continueNudge: 'Go on, {{char}}.' },
    });
    expect(said(made).slice(-2)).toEqual(['assistant: Once', 'user: Go on, Mira.']);
  });
});
