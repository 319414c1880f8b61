import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { isPromptProgress } from '../spec/model-handle.ts';
import { loadScript, type ScriptInput } from './script.ts';
import { createScriptedModel } from './scripted-model.ts';
import { scriptedTokens } from './scripted-tokens.ts';

function call(text: string, more: Partial<LanguageModelV4CallOptions> = {}): LanguageModelV4CallOptions {
  return { prompt: [{ role: 'user', content: [{ type: 'text', text }] }], ...more };
}

async function collect(stream: ReadableStream<LanguageModelV4StreamPart>): Promise<LanguageModelV4StreamPart[]> {
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

function textOf(parts: readonly LanguageModelV4StreamPart[]): string {
  return parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');
}

async function say(script: ScriptInput, text: string): Promise<string> {
  const { stream } = await createScriptedModel(script).languageModel.doStream(call(text));
  return textOf(await collect(stream));
}

test('the first matching rule answers with exactly its tokens', async () => {
  const script: ScriptInput = {
    rules: [
      { when: { contains: 'weather' }, steps: [{ type: 'tokens', tokens: ['It', ' rains.'] }] },
      { when: { matches: '^你好' }, steps: [{ type: 'tokens', tokens: ['早'] }] },
    ],
  };
  expect(await say(script, 'How is the weather?')).toBe('It rains.');
  expect(await say(script, '你好！')).toBe('早');
  await expect(say(script, 'anything else')).rejects.toThrow(/no rule for: anything else/);
  expect(await say({ ...script, otherwise: 'echo' }, 'say 这句')).toBe('say 这句');
});

test('a rule is spent after its times', async () => {
  const rules = [
    { times: 1, steps: [{ type: 'tokens' as const, tokens: ['one'] }] },
    { steps: [{ type: 'tokens' as const, tokens: ['two'] }] },
  ];
  const model = createScriptedModel({ rules });
  const answers: string[] = [];
  for (const text of ['a', 'b', 'c']) {
    answers.push(textOf(await collect((await model.languageModel.doStream(call(text))).stream)));
  }
  expect(answers).toEqual(['one', 'two', 'two']);
  expect(model.calls).toHaveLength(3);
});

test('errors reject before the first part and are parts later; a cut leaves no finish', async () => {
  const error = { type: 'error' as const, code: 'engine-lost', message: 'gone', retryable: true };
  const early = createScriptedModel({ rules: [{ steps: [error] }] });
  await expect(early.languageModel.doStream(call('x'))).rejects.toMatchObject({ code: 'engine-lost', retryable: true });
  const late = createScriptedModel({ rules: [{ steps: [{ type: 'tokens', tokens: ['half'] }, error] }] });
  const parts = await collect((await late.languageModel.doStream(call('x'))).stream);
  expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code: 'engine-lost' } });
  const cut = createScriptedModel({ rules: [{ steps: [{ type: 'tokens', tokens: ['half'] }, { type: 'cut' }] }] });
  const some = await collect((await cut.languageModel.doStream(call('x'))).stream);
  expect(some.map((part) => part.type)).toEqual(['stream-start', 'text-start', 'text-delta']);
});

test('a hanging model ends with the abort signal', async () => {
  const model = createScriptedModel({ rules: [{ steps: [{ type: 'tokens', tokens: ['a'] }, { type: 'hang' }] }] });
  const stop = new AbortController();
  const { stream } = await model.languageModel.doStream(call('x', { abortSignal: stop.signal }));
  const reader = stream.getReader();
  for (const type of ['stream-start', 'text-start', 'text-delta']) {
    expect((await reader.read()).value?.type).toBe(type);
  }
  const pending = reader.read();
  stop.abort(new Error('stop'));
  await expect(pending).rejects.toThrow('stop');
});

test('a gate holds the words behind it until its file is there, and ends with the abort signal', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'everwith-gate-'));
  try {
    const file = join(folder, 'open');
    const tokens = (...words: string[]) => ({ type: 'tokens' as const, tokens: words });
    const looks = Promise.withResolvers<void>();
    const again = Promise.withResolvers<void>();
    const wait = async (milliseconds: number, signal: AbortSignal) => {
      signal.throwIfAborted();
      if (milliseconds === 0) return;
      looks.resolve();
      await again.promise;
    };
    const model = createScriptedModel(
      { rules: [{ steps: [tokens('a'), { type: 'gate', file }, tokens('b')] }] },
      { wait },
    );
    const { stream } = await model.languageModel.doStream(call('x'));
    const words = collect(stream).then(textOf);
    await looks.promise;
    await writeFile(file, '');
    again.resolve();
    expect(await words).toBe('ab');

    await rm(file);
    const stop = new AbortController();
    const stopped = await model.languageModel.doStream(call('x', { abortSignal: stop.signal }));
    stop.abort(new Error('stop'));
    await expect(collect(stopped.stream)).rejects.toThrow('stop');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('prompt reading is reported, and a prefix seen before is reused', async () => {
  const model = createScriptedModel({
    rules: [
      {
        steps: [
          { type: 'progress', slice: 4 },
          { type: 'tokens', tokens: ['ok'] },
        ],
      },
    ],
  });
  const system = { role: 'system' as const, content: 'one two three four five six seven' };
  const ask = async (text: string) => {
    const prompt = [system, ...call(text).prompt];
    const options = { prompt, providerOptions: { everwith: { affinity: 'c1' } } };
    return collect((await model.languageModel.doStream(options)).stream);
  };
  const first = await ask('hello');
  const progress = first.flatMap((part) =>
    part.type === 'raw' && isPromptProgress(part.rawValue) ? [part.rawValue] : [],
  );
  expect(progress.map((one) => [one.evaluated, one.reused, one.total])).toEqual([
    [4, 0, 10],
    [8, 0, 10],
    [10, 0, 10],
  ]);
  const finish = (await ask('bye')).at(-1);
  expect(finish).toMatchObject({
    type: 'finish',
    usage: { inputTokens: { total: 10, cacheRead: 9 } },
    providerMetadata: { everwith: { evaluatedPromptTokens: 1, reusedPromptTokens: 9, stateSource: 'memory' } },
  });
});

test('maxOutputTokens ends an answer with the reason length', async () => {
  const model = createScriptedModel({ rules: [{ steps: [{ type: 'tokens', tokens: ['a', 'b', 'c'] }] }] });
  const { stream } = await model.languageModel.doStream(call('x', { maxOutputTokens: 2 }));
  const parts = await collect(stream);
  expect(textOf(parts)).toBe('ab');
  expect(parts.at(-1)).toMatchObject({ finishReason: { unified: 'length' }, usage: { outputTokens: { total: 2 } } });
});

test('delays are kept between tokens', async () => {
  const waits: number[] = [];
  const model = createScriptedModel(
    { rules: [{ steps: [{ type: 'tokens', tokens: ['a', 'b'], delayInMs: 20 }] }] },
    { wait: async (milliseconds) => void waits.push(milliseconds) },
  );
  await collect((await model.languageModel.doStream(call('x'))).stream);
  expect(waits).toEqual([20, 20]);
});

test('token counts are exact and the tokens are the text', async () => {
  const text = ' Hello there, 常伴 friend!\n';
  expect(scriptedTokens(text).join('')).toBe(text);
  const model = createScriptedModel({});
  expect(await model.countTokens(['', 'one two', '你好'])).toEqual({ counts: [0, 2, 2], exact: true });
});

test('a server loads its script from a file and records what it was asked', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'script-'));
  try {
    const recordTo = join(folder, 'calls.jsonl');
    const path = join(folder, 'script.json');
    await writeFile(path, JSON.stringify({ otherwise: 'echo', recordTo }));
    const model = createScriptedModel(await loadScript(path));
    await model.languageModel.doGenerate(call('remember me'));
    expect(JSON.parse(await readFile(recordTo, 'utf8'))).toMatchObject({
      prompt: [{ role: 'user', content: [{ text: 'remember me' }] }],
    });
    await writeFile(path, JSON.stringify({ rules: [{ steps: [{ type: 'speak' }] }] }));
    await expect(loadScript(path)).rejects.toMatchObject({ code: 'script-invalid' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
