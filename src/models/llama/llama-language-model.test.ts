import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { describe, expect, test } from 'vitest';
import { AbortedError, InvalidInputError, UnavailableError } from '../../base/errors.ts';
import type { GenerateRequest, GenerateResult } from './engine-protocol.ts';
import { createLlamaLanguageModel, type LlamaLanguageModelOptions } from './llama-language-model.ts';

type Run = LlamaLanguageModelOptions['run'];

const result: GenerateResult = {
  finish: 'stop',
  promptTokens: 10,
  outputTokens: 3,
  reasoningTokens: 1,
  report: {
    evaluatedPromptTokens: 4,
    reusedPromptTokens: 6,
    stateSource: 'memory',
    queueInMs: 0,
    promptInMs: 1,
    firstTokenInMs: 2,
    tokensPerSecond: 50,
  },
};

const speak: Run = async (_request, { onEvent }) => {
  onEvent({ type: 'prompt-progress', evaluated: 0, reused: 6, total: 10 });
  onEvent({ type: 'reasoning', text: 'hm' });
  onEvent({ type: 'text', text: 'Hel' });
  onEvent({ type: 'text', text: 'lo' });
  return result;
};

const call = (options: Partial<LanguageModelV4CallOptions> = {}): LanguageModelV4CallOptions => ({
  prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  ...options,
});

const modelOf = (run: Run) => createLlamaLanguageModel({ modelId: 'small', run, random: () => 0.5 });

async function collect<Part>(stream: ReadableStream<Part>): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

async function partsOf(run: Run, options: LanguageModelV4CallOptions = call()): Promise<LanguageModelV4StreamPart[]> {
  const { stream } = await modelOf(run).doStream(options);
  return collect(stream);
}

describe('doStream', () => {
  test('gives progress, then blocks that open and close, then the report', async () => {
    const parts = await partsOf(speak);
    expect(parts.map((part) => part.type)).toEqual([
      'stream-start',
      'response-metadata',
      'raw',
      'reasoning-start',
      'reasoning-delta',
      'reasoning-end',
      'text-start',
      'text-delta',
      'text-delta',
      'text-end',
      'finish',
    ]);
    expect(parts.at(-1)).toMatchObject({
      finishReason: { unified: 'stop' },
      usage: {
        inputTokens: { total: 10, noCache: 4, cacheRead: 6 },
        outputTokens: { total: 3, text: 2, reasoning: 1 },
      },
      providerMetadata: { everwith: { evaluatedPromptTokens: 4, retried: false } },
    });
  });

  test('a failure closes the open block and arrives as a part', async () => {
    const lost = new UnavailableError('The text engine stopped.');
    const parts = await partsOf(async (_request, { onEvent }) => {
      onEvent({ type: 'text', text: 'Hel' });
      throw lost;
    });
    expect(parts.slice(-2)).toEqual([
      { type: 'text-end', id: '0' },
      { type: 'error', error: lost },
    ]);
  });

  test('stopping ends the stream as stopped, after what was said', async () => {
    const stop = new AbortController();
    const { stream } = await modelOf(async (_request, { onEvent, signal }) => {
      onEvent({ type: 'text', text: 'Hel' });
      const { promise, reject } = Promise.withResolvers<never>();
      signal?.addEventListener('abort', () => reject(new AbortedError()));
      return promise;
    }).doStream(call({ abortSignal: stop.signal }));
    const heard: string[] = [];
    const reading = (async () => {
      for await (const part of stream) {
        heard.push(part.type);
        if (part.type === 'text-delta') stop.abort();
      }
    })();
    await expect(reading).rejects.toBeInstanceOf(AbortedError);
    expect(heard).toContain('text-delta');
  });

  test('a reader that leaves stops the engine', async () => {
    const { promise: left, resolve } = Promise.withResolvers<void>();
    const { stream } = await modelOf((_request, { signal }) => {
      signal?.addEventListener('abort', () => resolve());
      return new Promise(() => undefined);
    }).doStream(call());
    await stream.cancel();
    await expect(left).resolves.toBeUndefined();
  });

  test('a retried request says so', async () => {
    const parts = await partsOf(async (_request, { onRetry }) => {
      onRetry();
      return result;
    });
    expect(parts.at(-1)).toMatchObject({ providerMetadata: { everwith: { retried: true } } });
  });
});

test('doGenerate joins what was said', async () => {
  const generated = await modelOf(speak).doGenerate(call());
  expect(generated.content).toEqual([
    { type: 'reasoning', text: 'hm' },
    { type: 'text', text: 'Hello' },
  ]);
});

describe('the request', () => {
  async function requestOf(options: Partial<LanguageModelV4CallOptions>): Promise<GenerateRequest> {
    const { promise, resolve } = Promise.withResolvers<GenerateRequest>();
    await modelOf(async (request) => {
      resolve(request);
      return result;
    }).doGenerate(call(options));
    return promise;
  }

  test('the call’s sampling wins over the preset’s', async () => {
    const request = await requestOf({
      temperature: 0.2,
      maxOutputTokens: 9,
      providerOptions: { everwith: { affinity: 'c', keepState: true, sampling: { temperature: 1, minP: 0.1 } } },
    });
    expect(request).toMatchObject({
      affinity: 'c',
      keepState: true,
      maxOutputTokens: 9,
      sampling: { temperature: 0.2, minP: 0.1 },
    });
  });

  test('messages become turns; what a text engine cannot read is named', async () => {
    const { stream } = await modelOf(speak).doStream(
      call({
        prompt: [
          { role: 'system', content: 'You are Mira.' },
          {
            role: 'assistant',
            content: [
              { type: 'reasoning', text: 'x' },
              { type: 'text', text: 'Hello.' },
            ],
          },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Look \ud800' },
              { type: 'file', mediaType: 'image/png', data: { type: 'data', data: new Uint8Array(1) } },
            ],
          },
        ],
      }),
    );
    const [first] = await collect(stream);
    expect(first).toEqual({
      type: 'stream-start',
      warnings: [{ type: 'unsupported', feature: 'files (image/png)' }],
    });
  });

  test('half a surrogate pair and hidden thoughts do not reach the engine', async () => {
    const request = await requestOf({
      prompt: [
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'secret' },
            { type: 'text', text: 'Hi.' },
          ],
        },
        { role: 'user', content: [{ type: 'text', text: 'a\ud800b' }] },
      ],
    });
    expect(request.turns).toEqual([
      { role: 'assistant', text: 'Hi.' },
      { role: 'user', text: 'a\ufffdb' },
    ]);
  });

  test('wrong engine options are refused by name', async () => {
    const failing = requestOf({ providerOptions: { everwith: { sampling: { minP: 7 } } } });
    await expect(failing).rejects.toBeInstanceOf(InvalidInputError);
    await expect(failing).rejects.toMatchObject({ field: 'providerOptions.everwith.sampling.minP' });
  });
});
