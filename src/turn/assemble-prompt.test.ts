import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  cardOf,
  lore,
  noteAt,
  openAssembly,
  talk,
  withLore,
  words,
  type Assembly,
} from '../../tests/support/assembly.ts';
import { AppError } from '../base/errors.ts';
import { promptTokens } from '../models/scripted/scripted-tokens.ts';
import type { AssembledPrompt } from './assemble-prompt.ts';

let assembly: Assembly;
let tell: Assembly['tell'];
let createAssembler: Assembly['createAssembler'];

beforeAll(async () => {
  assembly = await openAssembly();
  ({ tell, createAssembler } = assembly);
});
afterAll(() => assembly[Symbol.asyncDispose]());

/** Where in the prompt the stable part ends, as text. */
const stablePart = ({ prompt, stableMessages }: AssembledPrompt) => JSON.stringify(prompt.slice(0, stableMessages));

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
        fc.record({
          order: fc.constantFrom('stable' as const, 'classic' as const),
          pinExamples: fc.boolean(),
          lore: fc.array(
            fc.record({
              slot: fc.constantFrom('before-char', 'after-char', 'at-depth', 'examples-top', 'reverse-depth'),
              size: fc.integer({ min: 1, max: 150 }),
              depth: fc.integer({ min: 0, max: 8 }),
              role: fc.constantFrom('system', 'user', 'assistant'),
            }),
            { maxLength: 6 },
          ),
          note: fc.option(fc.nat({ max: 6 })),
        }),
        async (contextLength, sizes, lines, continued, around) => {
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
            const made = await assemble(conversationId, endId, {
              card,
              continueText,
              material: {
                ...withLore(
                  around.lore.map(({ slot, size: count, ...some }, index) =>
                    lore(slot, words(count, `lore${index}`), { ...some, uid: String(index), tokens: count }),
                  ),
                ),
                note: around.note === null ? null : noteAt(around.note),
              },
              body: { order: around.order, pinExamples: around.pinExamples },
            }).catch((error: unknown) => error);
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
