import { copyFile, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AbortedError, InvalidInputError, ResourceError } from '../../src/base/errors.ts';
import type { LlamaHost, LlamaHostOptions } from '../../src/models/llama/llama-host.ts';
import { converse, openHost, persona, say, smallModelSha256, system, weightsPath } from './llama-fixtures.ts';

let folder: string;
let shared: LlamaHost;
const hosts: LlamaHost[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-engine-'));
  shared = openHost({ statesDir: join(folder, 'states') });
});

afterEach(async () => {
  for (const host of hosts.splice(0)) await host[Symbol.asyncDispose]();
});

afterAll(async () => {
  await shared[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function open(options: Partial<LlamaHostOptions> = {}): LlamaHost {
  const host = openHost({ statesDir: join(folder, 'states'), ...options });
  hosts.push(host);
  return host;
}

const short = [system('You are a helpful lighthouse keeper.'), say('user', 'Hello! What is your name?')];
/** Goes on until the limit, so what is done at its first word comes in the middle of it on any machine. */
const endless = [say('user', 'Say the word lamp again and again.'), say('assistant', 'lamp lamp lamp lamp lamp lamp')];

describe('a reply', () => {
  test('streams text, reports tokens and speed, and ends by itself or at its limit', async () => {
    const heard = await converse(shared, short, { maxOutputTokens: 5, engine: { affinity: 'reply' } });
    expect(heard.finish).toBe('length');
    expect(heard.deltas.length).toBeGreaterThan(1);
    expect(heard.report.firstTokenInMs).toBeGreaterThan(0);
    expect(heard.progress.at(-1)?.total).toBe(heard.progress.at(-1)?.evaluated);
    expect(shared.info()).toMatchObject({ state: 'ready', contextLength: 4096 });
  });

  test('the same seed says the same, another one something else', async () => {
    const ask = async (seed: number, affinity: string) => {
      const options = { seed, temperature: 1.2, maxOutputTokens: 24, engine: { affinity, keepState: false } };
      return (await converse(shared, short, options)).text;
    };
    // The first reads the prompt; the others then start from the very same state.
    await ask(1, 'seeds');
    const [first, second, third] = [await ask(1, 'seeds'), await ask(1, 'seeds'), await ask(2, 'seeds')];
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('stops before a stop sequence', async () => {
    const ask = (stopSequences: string[]) =>
      converse(shared, short, { maxOutputTokens: 12, stopSequences, engine: { affinity: 'stops', keepState: false } });
    // The first reads the prompt; the others then start from the very same state.
    await ask([]);
    const whole = await ask([]);
    // Whatever it says: from the middle of it.
    const middle = Math.floor(whole.text.length / 2);
    const stop = whole.text.slice(middle, middle + 3);
    const cut = await ask([stop]);
    expect(cut.finish).toBe('stop-sequence');
    expect(whole.text.startsWith(cut.text + stop)).toBe(true);
    expect(cut.text).not.toContain(stop);
  });

  test('continues an assistant message that ends the prompt', async () => {
    const heard = await converse(shared, [say('user', 'Count to five.'), say('assistant', 'One, two, three, f')], {
      engine: { affinity: 'continue' },
      maxOutputTokens: 4,
    });
    expect(heard.text).toMatch(/^(our|ive)/);
  });

  test('obeys a JSON schema', async () => {
    const heard = await converse(shared, [say('user', 'Invent a sailor: name and age.')], {
      maxOutputTokens: 80,
      engine: { affinity: 'json' },
      responseFormat: {
        type: 'json',
        schema: {
          type: 'object',
          properties: { age: { type: 'integer' } },
          required: ['age'],
          additionalProperties: false,
        },
      },
    });
    expect(JSON.parse(heard.text)).toEqual({ age: expect.any(Number) as number });
  });

  test('emoji, Chinese and combining marks pass whole, and are counted', async () => {
    const words = '🌊👩‍👩‍👧‍👦 灯塔守夜人 e\u0301';
    const heard = await converse(shared, [say('user', `Repeat exactly: ${words}`), say('assistant', '🌊👩‍👩')], {
      engine: { affinity: 'unicode' },
      temperature: 0.9,
      seed: 5,
      maxOutputTokens: 40,
    });
    for (const delta of heard.deltas) expect(delta.isWellFormed()).toBe(true);
    const { counts, exact } = await shared.countTokens([words, '', 'hello', words]);
    expect(exact).toBe(true);
    expect(counts[0]).toBeGreaterThan(10);
    expect(counts.slice(1)).toEqual([0, 1, counts[0]]);
  });

  test('penalties keep a small model from looping', async () => {
    const free = await converse(shared, endless, { maxOutputTokens: 24, engine: { affinity: 'loop' } });
    const { stream } = await shared.languageModel.doStream({
      prompt: endless,
      temperature: 0,
      maxOutputTokens: 24,
      providerOptions: {
        everwith: {
          affinity: 'loop',
          sampling: { repeatPenalty: 1.5, dry: { multiplier: 2, base: 1.75, allowedLength: 2 } },
        },
      },
    });
    let held = '';
    for await (const part of stream) if (part.type === 'text-delta') held += part.delta;
    const count = (text: string): number => text.split('lamp').length - 1;
    expect(count(held)).toBeLessThan(count(free.text));
  });
});

describe('several at once', () => {
  test('three conversations on two sequences are answered, each with its own words', async () => {
    const ask = (name: string) =>
      converse(shared, [system(persona(name, 4)), say('user', 'Who keeps the lighthouse?')], {
        engine: { affinity: `parallel-${name}` },
        maxOutputTokens: 12,
      });
    const alone = await ask('Mira');
    const together = await Promise.all([ask('Mira'), ask('Tomas'), ask('Yanzi')]);
    for (const heard of together) expect(heard.text.length).toBeGreaterThan(0);
    expect(together[0]?.report.evaluatedPromptTokens).toBeLessThan(alone.report.evaluatedPromptTokens);
  });
});

describe('stopping', () => {
  test('takes effect while a prompt is read, and what was read is used afterwards', async () => {
    const prompt = [system(persona('Ada', 60)), say('user', 'Hello')];
    const stop = new AbortController();
    const { stream } = await shared.languageModel.doStream({
      prompt,
      abortSignal: stop.signal,
      providerOptions: { everwith: { affinity: 'stopped' } },
    });
    let read = 0;
    const reading = (async () => {
      for await (const part of stream) {
        if (part.type !== 'raw' || read > 0) continue;
        read = (part.rawValue as { evaluated: number }).evaluated;
        if (read > 0) stop.abort();
      }
    })();
    await expect(reading).rejects.toBeInstanceOf(AbortedError);
    const resumed = await converse(shared, prompt, { engine: { affinity: 'stopped' }, maxOutputTokens: 2 });
    expect(resumed.report.reusedPromptTokens).toBeGreaterThanOrEqual(read);
    expect(read).toBeLessThan(resumed.report.evaluatedPromptTokens + resumed.report.reusedPromptTokens);
  });

  test('ends a reply in the middle', async () => {
    const stop = new AbortController();
    const talking = converse(shared, endless, {
      abortSignal: stop.signal,
      maxOutputTokens: 3000,
      engine: { affinity: 'talking' },
      onDelta: () => stop.abort(),
    });
    await expect(talking).rejects.toBeInstanceOf(AbortedError);
  });

  test('a message goes before the warming of its conversation, and profits from it', async () => {
    const character = system(persona('Nora', 50));
    const warming = shared.warm({
      prompt: [character],
      options: { affinity: 'eager', stableMessages: 1 },
      signal: new AbortController().signal,
    });
    const heard = await converse(shared, [character, say('user', 'Hi')], {
      engine: { affinity: 'eager' },
      maxOutputTokens: 2,
    });
    expect(heard.text).not.toBe('');
    const report = await warming;
    const total = heard.report.evaluatedPromptTokens + heard.report.reusedPromptTokens;
    expect(report.evaluatedTokens + heard.report.evaluatedPromptTokens).toBeLessThanOrEqual(total);
  });
});

describe('what goes wrong', () => {
  test('a killed engine before the first word is retried unseen', async () => {
    const host = open();
    await host.load();
    const prompt = [system(persona('Eve', 100)), say('user', 'Hello')];
    const { stream } = await host.languageModel.doStream({ prompt, maxOutputTokens: 4 });
    let killed = false;
    let text = '';
    let retried: unknown;
    for await (const part of stream) {
      if (part.type === 'raw' && !killed) {
        killed = true;
        process.kill(host.info().pid ?? 0, 'SIGKILL');
      }
      if (part.type === 'text-delta') text += part.delta;
      if (part.type === 'finish') retried = part.providerMetadata?.['everwith']?.['retried'];
      if (part.type === 'error') throw part.error;
    }
    expect(text).not.toBe('');
    expect(retried).toBe(true);
  });

  test('a killed engine in the middle of a reply is an error that may be tried again, and then works', async () => {
    const host = open();
    let heard = '';
    const talking = converse(host, endless, {
      maxOutputTokens: 3000,
      onDelta: (text) => {
        if (heard === '') process.kill(host.info().pid ?? 0, 'SIGKILL');
        heard += text;
      },
    });
    await expect(talking).rejects.toMatchObject({ code: 'engine-lost', retryable: true });
    expect(heard).not.toBe('');
    expect((await converse(host, short)).text).not.toBe('');
  });

  test('a truncated file, a foreign file and a missing one are told before anything is loaded', async () => {
    const cut = join(folder, 'cut.gguf');
    await copyFile(weightsPath(smallModelSha256), cut);
    await truncate(cut, 50_000_000);
    const failing = open({ modelPath: cut });
    await expect(converse(failing, short)).rejects.toMatchObject({ code: 'model-file-damaged', retryable: false });
    expect(failing.info()).toMatchObject({ state: 'failed' });
    await expect(open({ modelPath: join(folder, 'none.gguf') }).load()).rejects.toBeInstanceOf(ResourceError);
  });

  test('too little memory is said, with numbers', async () => {
    const host = open({ availableBytes: () => 300 * 2 ** 20 });
    await expect(host.load()).rejects.toMatchObject({ code: 'model-does-not-fit' });
  });

  test('a prompt longer than the context is refused, and the engine goes on', async () => {
    const error: unknown = await converse(shared, [system(persona('Long', 400)), say('user', 'Hi')]).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error).toMatchObject({ code: 'prompt-too-long', details: { contextLength: 4096 } });
    expect((await converse(shared, short)).text).not.toBe('');
  });

  test('a reply that fills the context ends there', async () => {
    const host = open({ contextLength: 256 });
    const heard = await converse(host, [say('user', 'Count: one, two, three, four')], {
      maxOutputTokens: 1000,
      temperature: 1.5,
      seed: 3,
      engine: { affinity: 'full', keepState: false },
    });
    expect(['context-full', 'stop']).toContain(heard.finish);
    const again = await converse(host, [say('user', 'Hello')], { engine: { affinity: 'full' } });
    expect(again.text).not.toBe('');
  });

  test('closing in the middle of a reply leaves no process', async () => {
    const host = open();
    let pid = 0;
    const talking = converse(host, endless, {
      maxOutputTokens: 3000,
      onDelta: () => {
        if (pid !== 0) return;
        pid = host.info().pid ?? 0;
        void host[Symbol.asyncDispose]();
      },
    });
    await talking.catch(() => undefined);
    await host[Symbol.asyncDispose]();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
