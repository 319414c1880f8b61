import { unbilled } from '../../../tests/support/unbilled.ts';
import { describe, expect, test } from 'vitest';
import { silentLogger } from '../../base/logger.ts';
import { createScriptedModel, type ScriptedModel } from '../../models/scripted/scripted-model.ts';
import type { ScriptStep } from '../../models/scripted/script.ts';
import { directorBeginning, directorPrompt, type DirectorQuestion } from './director-prompt.ts';
import { createDirector } from './director.ts';
import { readDirection } from './read-direction.ts';

const question: DirectorQuestion = {
  locale: 'en',
  candidates: [
    { participantId: 'm', name: 'Mira', spoke: 2 },
    { participantId: 't', name: 'Old Tomas', spoke: 0 },
  ],
  lines: [
    { speaker: 'Mira', text: 'The lamp is out.', depth: 0 },
    { speaker: 'Jo', text: 'Who can mend it?', depth: 1 },
  ],
  mustSpeak: true,
};

function modelThat(...steps: ScriptStep[]): ScriptedModel {
  return createScriptedModel({ directionRules: [{ steps }] });
}

function answering(text: string): ScriptedModel {
  return modelThat({ type: 'tokens', tokens: [text], delayInMs: 0 });
}

function direct(model: ScriptedModel, more: Partial<DirectorQuestion> = {}, signal = new AbortController().signal) {
  const director = createDirector({
    directory: { resolve: async () => unbilled(model) },
    logger: silentLogger(),
    patience: () => ({ toBegin: 50, toChoose: 50, toExplain: 50 }),
  });
  return director.direct({ ...question, ...more }, { conversationId: 'room', ownerId: 'ann', modelRef: null, signal });
}

test('a choice comes with its reason, held to the names, from a state that is the director’s own', async () => {
  const model = answering('{"next":"Old Tomas","why":"He mends what is broken."}');
  expect(await direct(model)).toEqual({ participantId: 't', why: 'He mends what is broken.' });
  const [call] = model.directionCalls;
  expect(model.calls).toEqual([]);
  expect(call?.responseFormat).toMatchObject({ schema: { properties: { next: { enum: ['Mira', 'Old Tomas'] } } } });
  expect(call?.providerOptions?.['everwith']).toMatchObject({
    purpose: 'direction',
    keepState: false,
    affinity: 'room/director',
  });
});

describe('what is no choice is none', () => {
  test.each(['', 'Let me think.', '{"next":"Nobody I know","why":"so"}', '{"why":"so"}', '{"next":""}', '{"next":7}'])(
    '%s',
    async (answer) => {
      expect(await direct(answering(answer))).toBeNull();
    },
  );

  test('nor is a model that fails, or is silent for too long', async () => {
    expect(await direct(modelThat({ type: 'error', code: 'x', message: 'gone', retryable: false }))).toBeNull();
    expect(await direct(modelThat({ type: 'hang' }))).toBeNull();
    expect(await direct(createScriptedModel({}))).toBeNull();
  });
});

test('a name counts as soon as it stands there: the reason is kept as far as it came in time', async () => {
  const hangs = { type: 'hang' as const };
  const begun = (text: string) => ({ type: 'tokens' as const, tokens: [text], delayInMs: 0 });
  expect(await direct(modelThat(begun('{"next":"Old Tomas","why":"He men'), hangs))).toEqual({
    participantId: 't',
    why: 'He men',
  });
  expect(await direct(modelThat(begun('{"next":"Old Tomas"'), hangs))).toEqual({ participantId: 't', why: '' });
  expect(await direct(modelThat(begun('{"next":"Old To'), hangs))).toBeNull();
  expect(await direct(modelThat(begun('{"next":"Nobody here"'), hangs))).toBeNull();
  // What follows name and reason is not waited for.
  expect(await direct(modelThat(begun('{"next":"Old Tomas","why":"He mends."'), hangs))).toEqual({
    participantId: 't',
    why: 'He mends.',
  });
});

test('what was said stands before who may speak, and leaves four lines at a time', () => {
  const talk = Array.from({ length: 30 }, (_, depth) => ({ speaker: 'Mira', text: `line ${depth}`, depth }));
  const kept = Array.from({ length: 30 }, (_, end) => {
    const { user } = directorBeginning({ locale: 'en', lines: talk.slice(0, end) });
    const { user: asked, system } = directorPrompt({
      ...question,
      lines: talk.slice(0, end),
      mustSpeak: end % 2 === 0,
    });
    expect(asked.startsWith(user)).toBe(true);
    expect(system).toBe(directorPrompt(question).system);
    return user;
  });
  const goesOn = kept.map((user, end) => end > 0 && user.startsWith(kept[end - 1] ?? ''));
  // The first line takes the place of “nothing was said”; from the ninth on, one time in four.
  expect(goesOn.flatMap((isSo, end) => (isSo ? [] : [end]))).toEqual([0, 1, 9, 13, 17, 21, 25, 29]);
  for (const user of kept.slice(8)) expect(user.split('\n').length).toBeGreaterThan(5);
});

test('whoever asks may stop asking', async () => {
  await expect(direct(modelThat({ type: 'hang' }), {}, AbortSignal.abort(new Error('enough')))).rejects.toThrow(
    'enough',
  );
});

test('nobody is a choice only where nobody has to speak', async () => {
  const model = answering('{"next":"nobody","why":"Jo was asked."}');
  expect(await direct(model)).toBeNull();
  expect(await direct(model, { mustSpeak: false })).toEqual({ participantId: null, why: 'Jo was asked.' });
});

test('names that are the same are told apart, and none is long', () => {
  const twins = ['Ann', 'Ann', 'nobody', `${'x'.repeat(400)}\n`].map((name, index) => ({
    participantId: `p${index}`,
    name,
    spoke: 0,
  }));
  const { choices } = directorPrompt({ ...question, candidates: twins, mustSpeak: false });
  const names = [...choices.keys()];
  expect(names.slice(0, 3)).toEqual(['Ann', 'Ann (2)', 'nobody']);
  expect(names[3]?.length).toBeLessThan(70);
  expect(names[4]).toBe('nobody (2)');
  expect([...choices.values()]).toEqual(['p0', 'p1', 'p2', 'p3', null]);
});

test('the prompt is short however much was said, and in the room’s language', () => {
  const lines = Array.from({ length: 300 }, (_, index) => ({
    speaker: 'Mira',
    text: `${index} ${'wave '.repeat(900)}`,
    depth: index,
  }));
  const { user, system } = directorPrompt({ ...question, lines });
  expect(user.length).toBeLessThan(2500);
  expect(user).toContain('Mira 2, Old Tomas 0');
  expect(user).toContain('Mira: 299 wave');
  expect(system).not.toContain('nobody');
  expect(directorPrompt({ ...question, locale: 'zh-CN' }).system).toContain('由谁说话');
});

test.each([
  ['{"next":"Mira","why":"She is ', { next: 'Mira', why: 'She is' }],
  ['Sure: {"why":"a\\"b", "next": "Mira"}', { next: 'Mira', why: 'a"b' }],
  ['{"next":"Mira","why":"line\\nbreak\u0007"}', { next: 'Mira', why: 'line break' }],
  ['{"next":"Mira"', { next: 'Mira', why: '' }],
])('cut off or with words around it: %s', (answer, direction) => {
  expect(readDirection(answer)).toEqual(direction);
});

test('a reason has at most 160 characters', () => {
  const why = readDirection(`{"next":"Mira","why":"${'好'.repeat(500)}"}`)?.why ?? '';
  expect(Array.from(why)).toHaveLength(160);
});
