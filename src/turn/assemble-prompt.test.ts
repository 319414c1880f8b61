import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestStorage, type TestStorage } from '../../tests/support/open-test-storage.ts';
import { systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { createIdGenerator } from '../base/ids.ts';
import { localizeCard, withFormFields, type CardText } from '../character/card.ts';
import { insertCharacter } from '../character/character-store.ts';
import { insertConversation } from '../conversation/conversation-store.ts';
import { insertMessage } from '../conversation/message-store.ts';
import type { MessageNode } from '../conversation/tree-types.ts';
import { createScriptedModel } from '../models/scripted/scripted-model.ts';
import { promptTokens } from '../models/scripted/scripted-tokens.ts';
import { presetSegmentSchema, type PresetBody } from '../../contract/prompts.ts';
import { assemblePrompt, type AssembledPrompt } from './assemble-prompt.ts';
import { HistoryWindow } from './history-window.ts';
import { builtInPresets } from './presets/built-in-presets.ts';
import type { PlacedLore, PromptMaterial } from './prompt-material.ts';
import { TokenCounts } from './token-counts.ts';

let house: TestStorage;
const newId = createIdGenerator(systemClock);
const signal = new AbortController().signal;

beforeAll(async () => {
  house = await openTestStorage();
  const card = withFormFields(undefined, { ...noWords, name: 'Mira', greeting: '' });
  await house.storage.transaction((trx) =>
    insertCharacter(
      trx,
      { id: 'mira', ownerId: null, slug: 'mira', now: 1 },
      { id: 'mira-1', card, contentHash: 'x', pictureHash: null, now: 1 },
    ),
  );
});
afterAll(() => house[Symbol.asyncDispose]());

const noWords = { tagline: '', description: '', personality: '', scenario: '', greeting: '', exampleDialogue: '' };
const words = (count: number, word: string) => Array.from({ length: count }, (_, index) => `${word}${index}`).join(' ');

function cardOf(some: Partial<CardText> = {}): CardText {
  const card = withFormFields(undefined, { ...noWords, name: 'Mira', greeting: 'Hi' });
  return { ...localizeCard(card, 'en'), description: 'Keeps the light.', ...some };
}

/** What a turn in the given preset is made of, with nothing but the card and what the test adds. */
function materialOf(some: Partial<PromptMaterial> = {}, body: Partial<PresetBody> = {}): PromptMaterial {
  const names = { char: 'Mira', user: 'Ann' };
  return {
    card: cardOf(),
    locale: 'en',
    names,
    preset: { name: 'Test', body: { ...builtInPresets.stable.body, ...body } },
    persona: null,
    note: null,
    depthPrompt: null,
    lore: { placements: [], fired: [], cut: [], disableUiPrompts: [] },
    render: (text, original = '') =>
      text.replaceAll('{{original}}', original).replaceAll('{{char}}', names.char).replaceAll('{{user}}', names.user),
    ...some,
  };
}

function lore(slot: PlacedLore['slot'], text: string, some: Partial<PlacedLore> = {}): PlacedLore {
  return {
    slot,
    depth: null,
    role: 'system',
    outlet: null,
    text,
    order: 100,
    bookId: 'b',
    uid: text,
    tokens: text.split(' ').length,
    owner: `Book · ${text}`,
    steady: false,
    ...some,
  };
}

const withLore = (placements: PlacedLore[]) => ({
  lore: { placements, fired: [], cut: [], disableUiPrompts: [] as const },
});

type Line = [speaker: 'human' | 'character', text: string];

/** Writes lines one below the other; returns the conversation and the nodes' ids. */
async function tell(lines: readonly Line[]): Promise<{ conversationId: string; ids: string[] }> {
  const conversationId = newId();
  const ids: string[] = [];
  await house.storage.transaction(async (trx) => {
    await insertConversation(trx, {
      id: conversationId,
      ownerId: 'ann',
      characterId: 'mira',
      characterVersionId: 'mira-1',
      locale: 'en',
      title: null,
      leafId: null,
      revision: 0,
      messageCount: lines.length,
      preview: '',
      model: null,
      preset: 'model',
      personaId: null,
      promptPresetId: null,
      authorsNote: null,
      foreign: null,
      createdAt: 1,
      updatedAt: 1,
      deletedAt: null,
      clientId: null,
    });
    for (const [depth, [kind, text]] of lines.entries()) {
      const id = newId();
      const node: MessageNode = {
        id,
        conversationId,
        parentId: ids.at(-1) ?? null,
        depth,
        author: { kind, id: kind, name: kind },
        parts: [{ type: 'text', text }],
        state: 'done',
        failure: null,
        editOf: null,
        clientId: null,
        activeChildId: null,
        hasReceipt: false,
        hidden: false,
        foreign: null,
        createdAt: 1,
        deletedAt: null,
      };
      await insertMessage(trx, node);
      ids.push(id);
    }
  });
  return { conversationId, ids };
}

function createAssembler({ contextLength = 2000, continuesAssistant = true } = {}) {
  const model = createScriptedModel({ contextLength, continuesAssistant });
  const counts = new TokenCounts();
  const history = new HistoryWindow(counts);
  return (
    conversationId: string,
    endId: string | null,
    { card = cardOf(), continueText = null as string | null, material = {}, body = {} } = {},
  ): Promise<AssembledPrompt> =>
    assemblePrompt(
      {
        db: house.storage.db,
        model,
        material: materialOf({ card, ...material }, body),
        conversationId,
        endId,
        continueText,
        signal,
      },
      { counts, history },
    );
}

/** Where in the prompt the stable part ends, as text. */
const stablePart = ({ prompt, stableMessages }: AssembledPrompt) => JSON.stringify(prompt.slice(0, stableMessages));
const talk = (count: number, length = 10): Line[] =>
  Array.from({ length: count }, (_, index): Line => [
    index % 2 === 0 ? 'character' : 'human',
    words(length, `t${index}w`),
  ]);

describe('a prompt', () => {
  test('begins with the house and the character, ends with the newest words, roles in turn', async () => {
    const { conversationId, ids } = await tell([
      ['character', 'Hello {{user}}'],
      ['human', 'Good evening'],
      ['human', 'Anyone?'],
    ]);
    const { prompt, segments, stableMessages } = await createAssembler()(conversationId, ids.at(-1)!);
    expect(prompt[0]?.role).toBe('system');
    expect(prompt[0]?.content).toContain('About Mira:\nKeeps the light.');
    expect(prompt.slice(1).map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(prompt[2]?.content).toEqual([{ type: 'text', text: 'Hello Ann' }]);
    expect(prompt[3]?.content).toEqual([{ type: 'text', text: 'Good evening\n\nAnyone?' }]);
    expect(stableMessages).toBe(2);
    expect(segments.map(({ kind }) => kind)).toEqual(['house', 'character', 'opening', 'history', 'message']);
  });

  test('never has two of one role in a row, also where nobody greeted', async () => {
    const { conversationId, ids } = await tell([['human', 'First']]);
    const { prompt, stableMessages } = await createAssembler()(conversationId, ids.at(-1)!);
    expect(prompt.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(stableMessages).toBe(1);
  });

  test('of a continued message ends in its words, or asks models that cannot go on', async () => {
    const { conversationId, ids } = await tell([
      ['character', 'Hi'],
      ['human', 'Tell'],
    ]);
    const going = await createAssembler()(conversationId, ids.at(-1)!, { continueText: 'Once upon' });
    expect(going.prompt.at(-1)).toMatchObject({ role: 'assistant', content: [{ text: 'Once upon' }] });
    const asked = await createAssembler({ continuesAssistant: false })(conversationId, ids.at(-1)!, {
      continueText: 'Once upon',
    });
    expect(asked.prompt.slice(-2).map(({ role }) => role)).toEqual(['assistant', 'user']);
  });

  test('keeps its stable part byte for byte while the talk goes on', async () => {
    const { conversationId, ids } = await tell(talk(60));
    const assemble = createAssembler();
    const card = cardOf({ exampleDialogue: '<START>\n{{user}}: Hm?\n{{char}}: Aye.' });
    const stable = new Set<string>();
    let before = '';
    let moves = 0;
    for (const id of ids.slice(0, 18)) stable.add(stablePart(await assemble(conversationId, id, { card })));
    expect(stable.size).toBe(1);
    // Later the window moves, but rarely: most turns only append.
    for (const id of ids.slice(30)) {
      const { prompt } = await assemble(conversationId, id);
      const text = JSON.stringify(prompt).slice(0, -20);
      if (before !== '' && !text.startsWith(before.slice(0, before.length - 400))) moves += 1;
      before = text;
    }
    expect(moves).toBeLessThan(6);
  });

  test('over budget the examples leave first, then the oldest messages', async () => {
    const { conversationId, ids } = await tell(talk(80));
    const card = cardOf({ exampleDialogue: `{{user}}: Hm?\n{{char}}: ${words(100, 'e')}` });
    const assemble = createAssembler();
    const order: string[][] = [];
    for (const id of ids) order.push((await assemble(conversationId, id, { card })).dropped.map(({ kind }) => kind));
    expect(order[0]).toEqual([]);
    const afterExamples = order.findIndex((dropped) => dropped.length > 0);
    expect(order[afterExamples]).toEqual(['examples']);
    expect(order.at(-1)).toEqual(['examples', 'history']);
    // What left does not come back while the talk goes on.
    for (let index = 1; index < order.length; index += 1) {
      expect(order[index]!.length).toBeGreaterThanOrEqual(order[index - 1]!.length);
    }
  });

  test('says clearly what does not fit: the character, or the last message', async () => {
    const { conversationId, ids } = await tell([['human', words(3000, 'm')]]);
    const assemble = createAssembler();
    await expect(assemble(conversationId, ids[0]!)).rejects.toMatchObject({ code: 'message-too-long' });
    await expect(
      assemble(conversationId, ids[0]!, { card: cardOf({ description: words(3000, 'd') }) }),
    ).rejects.toMatchObject({ code: 'context-too-small' });
    const next = await tell([
      ['human', words(3000, 'm')],
      ['character', 'So much'],
      ['human', 'Yes'],
    ]);
    const { prompt, dropped } = await assemble(next.conversationId, next.ids.at(-1)!);
    expect(JSON.stringify(prompt)).not.toContain('m2999');
    expect(dropped).toEqual([{ kind: 'history', tokens: 0, messages: 1 }]);
  });

  test('never exceeds what the model can see, whatever is told to whom', async () => {
    const size = fc.nat({ max: 400 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 256, max: 3000 }),
        fc.record({ description: size, personality: size, scenario: size, examples: fc.nat({ max: 40 }) }),
        fc.array(fc.tuple(fc.constantFrom('human' as const, 'character' as const), fc.integer({ min: 1, max: 300 })), {
          minLength: 1,
          maxLength: 30,
        }),
        fc.option(fc.integer({ min: 1, max: 200 })),
        async (contextLength, sizes, lines, continued) => {
          const { conversationId, ids } = await tell(
            lines.map(([who, count], index) => [who, words(count, `l${index}`)]),
          );
          const card = cardOf({
            description: words(sizes.description, 'd'),
            personality: words(sizes.personality, 'p'),
            scenario: words(sizes.scenario, 's'),
            exampleDialogue: Array.from({ length: sizes.examples }, () => '{{user}}: a b c\n{{char}}: d e').join('\n'),
          });
          const assemble = createAssembler({ contextLength, continuesAssistant: continued !== null });
          const continueText = continued === null ? null : words(continued, 'c');
          // Turn after turn, so that remembered windows are used too.
          for (const endId of ids.slice(-4)) {
            const made = await assemble(conversationId, endId, { card, continueText }).catch((error: unknown) => error);
            if (made instanceof AppError) {
              if (made.code !== 'context-too-small' && made.code !== 'message-too-long') throw made;
              continue;
            }
            const { prompt, maxOutputTokens, segments, dropped } = made as AssembledPrompt;
            expect(promptTokens(prompt).length + maxOutputTokens).toBeLessThanOrEqual(contextLength);
            expect(prompt.every(({ role }, index) => index === 0 || role !== prompt[index - 1]?.role)).toBe(true);
            expect(segments.every(({ tokens }) => tokens >= 0)).toBe(true);
            expect([[], ['examples'], ['history'], ['examples', 'history']]).toContainEqual(
              dropped.map(({ kind }) => kind),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Roles and texts of everything after the first system message. */
const said = ({ prompt }: AssembledPrompt) =>
  prompt
    .slice(1)
    .map(
      ({ role, content }) =>
        `${role}: ${typeof content === 'string' ? content : content.map((part) => ('text' in part ? part.text : '')).join('')}`,
    );
const system = ({ prompt }: AssembledPrompt) => (typeof prompt[0]?.content === 'string' ? prompt[0].content : '');

const noteAt = (depth: number | null, some: Partial<NonNullable<PromptMaterial['note']>> = {}) => ({
  text: 'Speak softly.',
  depth,
  role: 'system' as const,
  interval: 1,
  ...some,
});

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
