import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  cardOf,
  lore,
  noteAt,
  openAssembly,
  said,
  system,
  talk,
  withLore,
  words,
  type Assembly,
  type Line,
} from '../../tests/support/assembly.ts';
import { presetSegmentSchema } from '../../contract/prompts.ts';
import { builtInPresets } from './presets/built-in-presets.ts';
import type { PromptMaterial } from './prompt-material.ts';

let assembly: Assembly;
let tell: Assembly['tell'];
let createAssembler: Assembly['createAssembler'];

beforeAll(async () => {
  assembly = await openAssembly();
  ({ tell, createAssembler } = assembly);
});
afterAll(() => assembly[Symbol.asyncDispose]());

describe('in stable order', () => {
  const lines: Line[] = [
    ['character', 'Hello'],
    ['human', 'Where is the reef?'],
    ['character', 'North.'],
    ['human', 'And the boat?'],
  ];
  const volatile = {
    ...withLore([lore('before-char', 'The reef is sharp.'), lore('at-depth', 'Fog tonight.', { depth: 2 })]),
    note: noteAt(4),
    depthPrompt: { text: 'Mira limps.', depth: 4, role: 'system' as const },
  };

  test('what changes stands in one place before the newest message of the human', async () => {
    const { conversationId, ids } = await tell(lines);
    const made = await createAssembler()(conversationId, ids.at(-1)!, { material: volatile });
    expect(said(made).at(-1)).toBe(
      [
        'user: [Notes for the next reply of Mira:]',
        'The reef is sharp.',
        'Speak softly.',
        'Mira limps.',
        'Fog tonight.',
        '[Ann says:]',
        'And the boat?',
      ].join('\n\n'),
    );
    expect(system(made)).not.toContain('reef');
  });

  test('lore that comes and goes changes nothing before the newest exchange', async () => {
    const { conversationId, ids } = await tell(lines);
    const assemble = createAssembler();
    const first = await assemble(conversationId, ids[1]!, { material: volatile });
    const second = await assemble(conversationId, ids[3]!, {
      material: withLore([lore('after-char', 'Another thing entirely.')]),
    });
    const shared = first.prompt.slice(0, -1);
    expect(second.prompt.slice(0, shared.length)).toEqual(shared);
    expect(second.stableMessages).toBe(first.stableMessages);
  });

  test('lore that is always there keeps its place and stays stable', async () => {
    const { conversationId, ids } = await tell(lines);
    const made = await createAssembler()(conversationId, ids.at(-1)!, {
      material: withLore([lore('before-char', 'The sea is grey.', { steady: true })]),
    });
    expect(system(made).indexOf('The sea is grey.')).toBeGreaterThan(0);
    expect(system(made).indexOf('The sea is grey.')).toBeLessThan(system(made).indexOf('Keeps the light.'));
    expect(made.segments.find(({ kind }) => kind === 'lore-before')?.stable).toBe(true);
    expect(said(made).at(-1)).toBe('user: And the boat?');
  });

  test('a preset text that tells the time is not stable', async () => {
    const { conversationId, ids } = await tell(lines);
    const custom = { id: 'x', slot: 'custom' as const, name: 'Clock', text: 'It is {{time}}.' };
    const segments = [presetSegmentSchema.parse(custom), ...builtInPresets.stable.body.segments];
    const made = await createAssembler()(conversationId, ids.at(-1)!, { body: { segments } });
    expect(system(made)).not.toContain('It is');
    expect(said(made).at(-1)).toContain('It is');
  });

  test('post-history instructions and depth 0 stay after the newest message', async () => {
    const { conversationId, ids } = await tell(lines);
    const card = cardOf({ postHistoryInstructions: 'Be brief. {{original}}' });
    const made = await createAssembler()(conversationId, ids.at(-1)!, { card, material: { note: noteAt(0) } });
    expect(said(made).at(-1)).toBe('user: And the boat?\n\nSpeak softly.\n\nBe brief.');
  });
});

describe('in classic order', () => {
  const order = 'classic' as const;
  const lines: Line[] = Array.from({ length: 6 }, (_, index) => [index % 2 === 0 ? 'character' : 'human', `m${index}`]);

  test('every part stands where the preset, the book and the card ask for it', async () => {
    const { conversationId, ids } = await tell(lines);
    const material = {
      ...withLore([
        lore('before-char', 'Before.'),
        lore('after-char', 'After.'),
        lore('at-depth', 'Deep.', { depth: 2 }),
        lore('reverse-depth', 'From the start.', { depth: 1 }),
        lore('at-depth', 'Beyond.', { depth: 99 }),
      ]),
      note: noteAt(4),
      persona: {
        name: 'Ann',
        description: 'Ann rows.',
        position: 'prompt' as const,
        depth: 0,
        role: 'system' as const,
      },
    };
    const made = await createAssembler()(conversationId, ids.at(-1)!, { material, body: builtInPresets.classic.body });
    const text = system(made);
    const places = ['Before.', 'Ann rows.', 'Keeps the light.', 'After.'].map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(said(made)).toEqual([
      'user: [A new conversation begins.]\n\nBeyond.',
      'assistant: m0',
      'user: From the start.\n\nm1\n\nSpeak softly.',
      'assistant: m2',
      'user: m3\n\nDeep.',
      'assistant: m4',
      'user: m5',
    ]);
    expect(made.stableMessages).toBe(0);
  });

  test('at one depth the assistant stands above the user and the user above the system', async () => {
    const { conversationId, ids } = await tell(lines);
    const at = (role: 'system' | 'user' | 'assistant') => lore('at-depth', role, { depth: 1, role });
    const material = withLore([at('system'), at('user'), at('assistant')]);
    const made = await createAssembler()(conversationId, ids.at(-1)!, { material, body: { order } });
    expect(said(made).slice(-2)).toEqual(['assistant: m4\n\nassistant', 'user: user\n\nsystem\n\nm5']);
  });

  test('at one depth lower order stands above', async () => {
    const { conversationId, ids } = await tell(lines);
    const material = withLore([
      lore('at-depth', 'late', { depth: 1, order: 200 }),
      lore('at-depth', 'early', { depth: 1, order: 5 }),
    ]);
    const made = await createAssembler()(conversationId, ids.at(-1)!, { material, body: { order } });
    expect(said(made).at(-1)).toBe('user: early\n\nlate\n\nm5');
  });

  test('examples fill what the history leaves, block by block', async () => {
    const { conversationId, ids } = await tell(talk(20, 20));
    const blocks = Array.from(
      { length: 20 },
      (_, index) => `<START>\n{{user}}: q${index}\n{{char}}: ${words(60, `e${index}x`)}`,
    );
    const card = cardOf({ exampleDialogue: blocks.join('\n') });
    const made = await createAssembler()(conversationId, ids.at(-1)!, { card, body: { order } });
    const text = JSON.stringify(made.prompt);
    expect(text).toContain('t0w0');
    expect(text).toContain('e0x59');
    expect(text).not.toContain('e19x0');
    expect(made.dropped.map(({ kind }) => kind)).toEqual(['examples']);
  });

  test('pinned examples stay and the oldest messages leave instead', async () => {
    const { conversationId, ids } = await tell(talk(20, 60));
    const card = cardOf({ exampleDialogue: `{{user}}: q\n{{char}}: ${words(600, 'e')}` });
    const made = await createAssembler()(conversationId, ids.at(-1)!, { card, body: { order, pinExamples: true } });
    expect(JSON.stringify(made.prompt)).toContain('e599');
    expect(made.dropped.map(({ kind }) => kind)).toEqual(['history']);
  });
});

describe('of the card and the preset', () => {
  const lines: Line[] = [
    ['character', 'Hello'],
    ['human', 'Hi'],
  ];

  test('a system prompt replaces the house’s and may name it, unless the preset forbids that', async () => {
    const { conversationId, ids } = await tell(lines);
    const card = cardOf({ systemPrompt: 'Mine. {{original}}' });
    const segments = (forbidOverrides: boolean) =>
      builtInPresets.stable.body.segments.map((segment) =>
        segment.slot === 'house' ? { ...segment, text: 'Preset says.', forbidOverrides } : segment,
      );
    const assemble = createAssembler();
    const open = await assemble(conversationId, ids[1]!, { card, body: { segments: segments(false) } });
    expect(system(open)).toMatch(/^Mine\. Preset says\./);
    const closed = await assemble(conversationId, ids[1]!, { card, body: { segments: segments(true) } });
    expect(system(closed)).toMatch(/^Preset says\./);
  });

  test('@@disable_ui_prompt takes the preset’s text away and leaves the card’s', async () => {
    const { conversationId, ids } = await tell(lines);
    const disabled = {
      lore: { placements: [], fired: [], cut: [], disableUiPrompts: ['system_prompt'] as const },
    };
    const assemble = createAssembler();
    expect(system(await assemble(conversationId, ids[1]!, { material: disabled }))).toMatch(/^About Mira:/);
    const card = cardOf({ systemPrompt: 'Mine.' });
    expect(system(await assemble(conversationId, ids[1]!, { card, material: disabled }))).toMatch(/^Mine\./);
  });

  test('a persona goes where it is asked to: with the note, at a depth, or nowhere', async () => {
    const { conversationId, ids } = await tell(lines);
    const persona = (position: NonNullable<PromptMaterial['persona']>['position']) => ({
      persona: { name: 'Ann', description: 'Ann rows.', position, depth: 1, role: 'user' as const },
      note: noteAt(1),
    });
    const assemble = createAssembler();
    const last = async (position: Parameters<typeof persona>[0]) =>
      said(await assemble(conversationId, ids[1]!, { material: persona(position), body: { order: 'classic' } })).at(-1);
    expect(await last('note-top')).toBe('user: Ann rows.\n\nSpeak softly.\n\nHi');
    expect(await last('note-bottom')).toBe('user: Speak softly.\n\nAnn rows.\n\nHi');
    expect(await last('at-depth')).toBe('user: Ann rows.\n\nSpeak softly.\n\nHi');
    expect(await last('none')).toBe('user: Speak softly.\n\nHi');
  });

  test('lore around the note is lost where there is no note', async () => {
    const { conversationId, ids } = await tell(lines);
    const material = withLore([lore('note-top', 'Above the note.')]);
    const assemble = createAssembler();
    expect(JSON.stringify((await assemble(conversationId, ids[1]!, { material })).prompt)).not.toContain('Above');
    const noted = await assemble(conversationId, ids[1]!, { material: { ...material, note: noteAt(1) } });
    expect(JSON.stringify(noted.prompt)).toContain('Above the note.\\n\\nSpeak softly.');
  });

  test('lore of the assistant at depth 0 begins the reply, where the model can go on from it', async () => {
    const { conversationId, ids } = await tell(lines);
    const material = withLore([lore('at-depth', 'Aye,', { depth: 0, role: 'assistant' })]);
    const going = await createAssembler()(conversationId, ids[1]!, { material });
    expect(going.prefill).toBe('Aye,');
    expect(said(going).at(-1)).toBe('assistant: Aye,');
    const asked = await createAssembler({ continuesAssistant: false })(conversationId, ids[1]!, { material });
    expect(asked.prefill).toBe('');
    expect(said(asked).at(-1)).toBe('user: [Write what Mira does and says next.]');
  });

  test('names and earlier thoughts are sent only when the preset asks', async () => {
    const { conversationId, ids } = await tell(lines);
    const made = await createAssembler()(conversationId, ids[1]!, { body: { names: 'content' } });
    expect(said(made).slice(1)).toEqual(['assistant: character: Hello', 'user: human: Hi']);
  });

  test('over budget lore leaves before the newest message, lowest order first, and is named', async () => {
    const { conversationId, ids } = await tell([['human', words(900, 'm')]]);
    const material = withLore([
      lore('before-char', words(300, 'low'), { order: 1, uid: 'low', tokens: 300 }),
      lore('before-char', words(200, 'high'), { order: 9, uid: 'high', tokens: 200 }),
    ]);
    const made = await createAssembler()(conversationId, ids[0]!, { material });
    expect(made.lore.cut).toMatchObject([{ uid: 'low', reason: 'context' }]);
    const text = JSON.stringify(made.prompt);
    expect(text).toContain('high199');
    expect(text).not.toContain('low0');
    expect(text).toContain('m899');
  });

  test('a segment that is off is not sent, and a custom one stands where the list has it', async () => {
    const { conversationId, ids } = await tell(lines);
    const segments = [
      ...builtInPresets.stable.body.segments.map((segment) =>
        segment.slot === 'character' ? { ...segment, enabled: false } : segment,
      ),
      presetSegmentSchema.parse({ id: 'last', slot: 'custom', name: 'Last', text: 'At the end, {{char}}.' }),
      presetSegmentSchema.parse({ id: 'deep', slot: 'custom', name: 'Deep', text: 'Deep.', depth: 1, role: 'user' }),
    ];
    const made = await createAssembler()(conversationId, ids[1]!, { body: { segments, order: 'classic' } });
    expect(system(made)).not.toContain('Keeps the light.');
    expect(said(made).at(-1)).toBe('user: Deep.\n\nHi\n\nAt the end, Mira.');
    expect(made.segments.filter(({ kind }) => kind === 'custom').map(({ owner }) => owner)).toEqual(['Deep', 'Last']);
  });
});
