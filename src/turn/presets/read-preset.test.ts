import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { presetBodySchema } from '../../../contract/prompts.ts';
import { AppError } from '../../base/errors.ts';
import { builtInPresetList } from './built-in-presets.ts';
import { readPreset } from './read-preset.ts';
import { writePreset } from './write-preset.ts';

const read = (file: unknown, fileName = 'Mine.json') => readPreset(Buffer.from(JSON.stringify(file)), fileName);

const marker = (identifier: string, name: string) => ({ identifier, name, system_prompt: true, marker: true });
/** A preset as SillyTavern writes one, with words of our own. */
const chatCompletion = {
  chat_completion_source: 'openai',
  openai_model: 'any',
  temperature: 0.9,
  frequency_penalty: 0.1,
  presence_penalty: 0,
  top_p: 0.95,
  top_k: 40,
  top_a: 0,
  min_p: 0.05,
  repetition_penalty: 1.1,
  openai_max_context: 16384,
  openai_max_tokens: 500,
  names_behavior: 2,
  send_if_empty: '',
  new_chat_prompt: '[Begin]',
  new_example_chat_prompt: '[Example]',
  continue_nudge_prompt: '[Go on]',
  wi_format: '{0}',
  scenario_format: 'Scene: {{scenario}}',
  personality_format: '{{personality}}',
  seed: -1,
  n: 1,
  extensions: { deep: { odd: [1, null, 'x'] } },
  prompts: [
    { name: 'Main', system_prompt: true, role: 'system', content: 'Play {{char}}.', identifier: 'main' },
    { name: 'Aux', system_prompt: true, role: 'system', content: '', identifier: 'nsfw' },
    {
      name: 'Last',
      system_prompt: true,
      role: 'user',
      content: 'Stay {{char}}.',
      identifier: 'jailbreak',
      forbid_overrides: true,
    },
    marker('dialogueExamples', 'Examples'),
    marker('chatHistory', 'History'),
    marker('worldInfoAfter', 'After'),
    marker('worldInfoBefore', 'Before'),
    marker('charDescription', 'Description'),
    marker('charPersonality', 'Personality'),
    marker('scenario', 'Scenario'),
    marker('personaDescription', 'Persona'),
    {
      identifier: 'a-b-c',
      name: 'Deep thought',
      role: 'assistant',
      content: 'Think.',
      system_prompt: false,
      marker: false,
      injection_position: 1,
      injection_depth: 2,
      injection_order: 50,
      injection_trigger: ['continue'],
      forbid_overrides: false,
    },
    {
      identifier: 'spare',
      name: 'Spare',
      role: 'system',
      content: 'Unused',
      injection_position: 0,
      injection_depth: 7,
    },
  ],
  prompt_order: [
    { character_id: 100000, order: [{ identifier: 'main', enabled: true }] },
    {
      character_id: 100001,
      order: [
        ...['main', 'worldInfoBefore', 'personaDescription', 'charDescription', 'charPersonality', 'scenario'].map(
          (identifier) => ({ identifier, enabled: true }),
        ),
        { identifier: 'nsfw', enabled: false },
        ...['worldInfoAfter', 'dialogueExamples', 'chatHistory', 'a-b-c', 'jailbreak'].map((identifier) => ({
          identifier,
          enabled: true,
        })),
      ],
    },
  ],
};

describe('a chat-completion preset', () => {
  test('keeps its order, places, roles, texts, sampling and budgets', () => {
    const { name, kind, body, warnings } = read(chatCompletion, 'My Preset.json');
    expect([name, kind]).toEqual(['My Preset', 'chat-completion']);
    expect(body.order).toBe('classic');
    expect(body.segments.map(({ slot, enabled }) => `${enabled ? '' : '-'}${slot}`)).toEqual(
      ['house', 'lore-before', 'persona', 'character', 'personality', 'scenario', '-custom', 'lore-after'].concat([
        'examples',
        'history',
        'custom',
        'post-history',
        '-custom',
      ]),
    );
    const of = (id: string) => body.segments.find((segment) => segment.id === id);
    expect(of('main')).toMatchObject({ text: 'Play {{char}}.', role: 'system', depth: null, forbidOverrides: false });
    expect(of('jailbreak')).toMatchObject({ text: 'Stay {{char}}.', role: 'user', forbidOverrides: true });
    expect(of('a-b-c')).toMatchObject({ text: 'Think.', role: 'assistant', depth: 2, order: 50, name: 'Deep thought' });
    expect(of('spare')).toMatchObject({ enabled: false, depth: null });
    expect(of('scenario')?.text).toBe('Scene: {{scenario}}');
    expect(of('charPersonality')?.text).toBeNull();
    expect(body).toMatchObject({
      contextLength: 16384,
      maxOutputTokens: 500,
      names: 'content',
      newChat: '[Begin]',
      newExampleChat: '[Example]',
      continueNudge: '[Go on]',
    });
    expect(body.sampling).toEqual({
      temperature: 0.9,
      topP: 0.95,
      topK: 40,
      minP: 0.05,
      repeatPenalty: 1.1,
      frequencyPenalty: 0.1,
      presencePenalty: 0,
    });
    expect(warnings).toEqual([{ code: 'unused-trigger', subject: 'Deep thought' }]);
  });

  test('goes back with every key it had', () => {
    const { body } = read(chatCompletion);
    const { prompts, ...written } = writePreset(body) as typeof chatCompletion;
    const { prompts: before, ...original } = chatCompletion;
    expect(written).toEqual(original);
    const sorted = (list: readonly { identifier: string }[]) =>
      list.toSorted((a, b) => (a.identifier < b.identifier ? -1 : 1));
    expect(sorted(prompts)).toEqual(
      sorted(before).map((prompt) => (prompt.identifier === 'spare' ? { ...prompt, system_prompt: false } : prompt)),
    );
  });

  test('takes changes back with it', () => {
    const { body } = read(chatCompletion);
    const [first, ...rest] = body.segments;
    const changed = {
      ...body,
      segments: [...rest, { ...first!, text: 'New', depth: 3 }].map((segment) =>
        segment.id === 'a-b-c' ? { ...segment, depth: null } : segment,
      ),
      sampling: { temperature: 1.5 },
      names: 'none' as const,
    };
    const file = writePreset(changed);
    const again = read(file);
    expect(again.body.segments.at(-1)).toMatchObject({ id: 'spare' });
    expect(again.body.segments.find(({ id }) => id === 'main')).toMatchObject({ text: 'New', depth: 3 });
    expect(again.body.segments.find(({ id }) => id === 'a-b-c')?.depth).toBeNull();
    expect(again.body.sampling).toEqual({ temperature: 1.5 });
    expect(again.body.names).toBe('none');
  });

  test('from before the prompt manager has three texts', () => {
    const { body } = read({
      temperature: 1,
      openai_max_context: 4095,
      main_prompt: 'M',
      nsfw_prompt: 'N',
      jailbreak_prompt: 'J',
    });
    expect(body.segments.filter(({ text }) => text).map(({ id, text }) => [id, text])).toEqual([
      ['main', 'M'],
      ['nsfw', 'N'],
      ['jailbreak', 'J'],
    ]);
  });

  test('with wild values is held to bounds, and says so', () => {
    const { body, warnings } = read({
      prompts: [
        { identifier: 'main', content: 5, injection_depth: 1e9, injection_position: 1, role: 'tool' },
        3,
        null,
        {},
      ],
      prompt_order: [
        { character_id: 7, order: [null, { identifier: 'main' }, { identifier: 'main', enabled: false }] },
      ],
      temperature: 99,
      top_p: 'x',
      openai_max_tokens: -3,
    });
    expect(body.segments).toMatchObject([{ id: 'main', text: '', role: 'system', depth: 10_000, enabled: true }]);
    expect(body.sampling).toEqual({ temperature: 5 });
    expect(body.maxOutputTokens).toBe(1);
    expect(warnings.map(({ subject }) => subject)).toContain('temperature');
  });
});

describe('templates of text completion', () => {
  test('an instruct template says how turns are marked', () => {
    const { kind, body } = read({
      name: 'ChatML',
      input_sequence: '<|im_start|>user',
      input_suffix: '<|im_end|>\n',
      output_sequence: '<|im_start|>assistant',
      output_suffix: '<|im_end|>\n',
      wrap: true,
      names_behavior: 'always',
      activation_regex: '/x/',
      macro: 'yes',
    });
    expect(kind).toBe('instruct');
    expect(body.order).toBe('stable');
    expect(body.instruct).toMatchObject({
      input_sequence: '<|im_start|>user',
      names_behavior: 'always',
      wrap: true,
      macro: true,
      activation_regex: '/x/',
    });
  });

  test('an older instruct template ends turns with its separator', () => {
    const { body } = read({
      input_sequence: '### Q',
      output_sequence: '### A',
      separator_sequence: '</s>',
      names: true,
    });
    expect(body.instruct).toMatchObject({ input_suffix: '</s>', output_suffix: '</s>', names_behavior: 'always' });
  });

  test('a context template gives the fields their places and words', () => {
    const { kind, body } = read({
      name: 'Plain',
      story_string:
        '{{#if system}}{{system}}\n{{/if}}{{#if persona}}{{persona}}\n{{/if}}{{#if description}}{{description}}\n{{/if}}' +
        "{{#if personality}}{{char}}'s ways: {{personality}}\n{{/if}}{{#if wiBefore}}{{wiBefore}}{{/if}}{{trim}}",
      chat_start: '***',
      example_separator: '---',
      use_stop_strings: false,
    });
    expect(kind).toBe('context');
    expect(body.segments.map(({ slot, text }) => [slot, text])).toEqual([
      ['house', null],
      ['persona', null],
      ['character', null],
      ['personality', "{{char}}'s ways: {{personality}}"],
      ['lore-before', null],
      ['note', null],
      ['examples', null],
      ['history', null],
      ['post-history', null],
    ]);
    expect(body).toMatchObject({ order: 'classic', newChat: '***', newExampleChat: '---' });
    expect(body.context).toMatchObject({ use_stop_strings: false, chat_start: '***' });
  });

  test('samplers keep what the house has, and say what it has not', () => {
    const { kind, body, warnings } = read({
      temp: 1.2,
      top_p: 0.9,
      top_k: 0,
      min_p: 0.1,
      rep_pen: 1.05,
      rep_pen_range: 600,
      dry_multiplier: 0.8,
      dry_base: 1.75,
      dry_allowed_length: 3,
      tfs: 0.9,
      sampler_order: [6, 0],
    });
    expect(kind).toBe('sampler');
    expect(body.sampling).toEqual({
      temperature: 1.2,
      topP: 0.9,
      topK: 0,
      minP: 0.1,
      repeatPenalty: 1.05,
      repeatLastTokens: 600,
      dry: { multiplier: 0.8, base: 1.75, allowedLength: 3 },
    });
    expect(body.foreign).toMatchObject({ sampler_order: [6, 0] });
    expect(warnings).toEqual([{ code: 'unused-sampler', subject: 'tfs' }]);
  });

  test('a system prompt, and all templates in one file', () => {
    expect(read({ name: 'Sys', content: 'Write as {{char}}.', post_history: 'Short.' })).toMatchObject({
      kind: 'system-prompt',
      name: 'Sys',
    });
    const { kind, name, body } = read({
      instruct: { name: 'All', input_sequence: 'U:' },
      context: { story_string: '{{description}}' },
      sysprompt: { content: 'S' },
      preset: { temp: 0.3, top_p: 1 },
      reasoning: { prefix: '<think>' },
    });
    expect([kind, name]).toEqual(['text-completion', 'All']);
    expect(body.instruct?.input_sequence).toBe('U:');
    expect(body.segments.slice(0, 2).map(({ slot, text }) => [slot, text])).toEqual([
      ['house', 'S'],
      ['character', null],
    ]);
    expect(body.sampling.temperature).toBe(0.3);
    expect(body.foreign).toEqual({ reasoning: { prefix: '<think>' } });
  });
});

function codeOf(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof AppError ? error.code : error;
  }
}

describe('any file', () => {
  test.each([
    ['no JSON', 'x'],
    ['a list', '[]'],
    ['nothing', ''],
    ['a card', '{"spec":"chara_card_v2","data":{}}'],
    ['deep JSON', `{"prompts":${'['.repeat(100_000)}`],
    ['a broken file of ours', '{"format":"everwith-preset","body":{"segments":[{"id":""}]}}'],
  ])('that is %s is refused with a reason', (_, text) => {
    expect(() => readPreset(Buffer.from(text), 'x.json')).toThrow(/“x\.json”/);
  });

  test('of ours comes back as it was', () => {
    for (const { name, body } of builtInPresetList) {
      const again = read({ format: 'everwith-preset', version: 1, name, body });
      expect(again).toEqual({ name, body, kind: 'everwith', warnings: [] });
    }
  });

  test('is read to a body the house can keep, and written and read again to the same', () => {
    const value = fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null), fc.constant([]));
    const key = fc.constantFrom(
      'identifier',
      'name',
      'role',
      'content',
      'injection_position',
      'injection_depth',
      'injection_order',
      'forbid_overrides',
      'odd',
    );
    const identifier = fc.constantFrom('main', 'jailbreak', 'nsfw', 'chatHistory', 'scenario', 'x', 'y', '');
    const prompt = fc
      .tuple(fc.dictionary(key, value), identifier)
      .map(([prompt, id]) => ({ ...prompt, identifier: id }));
    const order = fc.array(fc.record({ identifier, enabled: fc.boolean() }));
    const file = fc.record({
      prompts: fc.array(prompt),
      prompt_order: fc.array(fc.record({ character_id: fc.constantFrom(100000, 100001, 5), order })),
      temperature: value,
      seed: value,
      new_chat_prompt: value,
      scenario_format: value,
      names_behavior: fc.constantFrom(-1, 0, 1, 2, 'x'),
      odd: value,
    });
    fc.assert(
      fc.property(file, (file) => {
        const { body } = read(file);
        expect(presetBodySchema.parse(JSON.parse(JSON.stringify(body)))).toEqual(JSON.parse(JSON.stringify(body)));
        const written = writePreset(body);
        expect(Object.keys(written)).toEqual(expect.arrayContaining(Object.keys(file)));
        const again = read(written).body;
        expect(
          again.segments.map(({ id, slot, text, depth, enabled }) => ({ id, slot, text, depth, enabled })),
        ).toEqual(body.segments.map(({ id, slot, text, depth, enabled }) => ({ id, slot, text, depth, enabled })));
        expect(again.sampling).toEqual(body.sampling);
        expect(read(writePreset(again)).body).toEqual(again);
      }),
      { numRuns: 500 },
    );
  });

  test('of noise throws nothing but a reason', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json().map((text) => Buffer.from(text)),
          fc.uint8Array(),
        ),
        (bytes) => {
          expect([undefined, 'not-a-preset']).toContain(codeOf(() => readPreset(bytes, 'noise')));
        },
      ),
      { numRuns: 500 },
    );
  });
});
