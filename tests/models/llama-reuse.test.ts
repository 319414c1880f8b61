import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeHybridWeights } from '../../bench/engine/hybrid-weights.ts';
import type { LlamaHost } from '../../src/models/llama/llama-host.ts';
import { converse, openHost, persona, say, smallModelSha256, system, weightsPath } from './llama-fixtures.ts';

let models: string;
let statesDir: string;
const hosts: LlamaHost[] = [];
const hybrid = { path: '', sha256: '' };

beforeAll(async () => {
  models = await mkdtemp(join(tmpdir(), 'everwith-models-'));
  hybrid.path = join(models, 'hybrid.gguf');
  hybrid.sha256 = await writeHybridWeights({
    path: hybrid.path,
    tokenizerFrom: weightsPath(smallModelSha256),
    shape: {
      embedding: 128,
      feedForward: 256,
      layers: 8,
      heads: 4,
      keyValueHeads: 2,
      headLength: 64,
      contextLength: 8192,
    },
  });
});

afterAll(() => rm(models, { recursive: true, force: true }));

beforeEach(async () => {
  statesDir = await mkdtemp(join(tmpdir(), 'everwith-states-'));
});

afterEach(async () => {
  for (const host of hosts.splice(0)) await host[Symbol.asyncDispose]();
  await rm(statesDir, { recursive: true, force: true });
});

/** Words of every reply, which a template may show again. */
const replyTokens = 16;

describe.each(['attention only', 'hybrid'] as const)('%s', (kind) => {
  function open(): LlamaHost {
    const weights = kind === 'hybrid' ? { modelPath: hybrid.path, modelSha256: hybrid.sha256 } : {};
    const host = openHost({ statesDir, ...weights });
    hosts.push(host);
    return host;
  }

  const opening = [system(persona('Mira', 14)), say('assistant', 'Good evening.'), say('user', 'Who are you?')];

  test('turn 2 and regenerate evaluate only what changed, live and after a restart', async () => {
    const host = open();
    expect((await host.load()).needsCheckpoints).toBe(kind === 'hybrid');
    const first = await converse(host, opening);
    expect(first.report).toMatchObject({ stateSource: 'none', reusedPromptTokens: 0 });
    expect(first.report.evaluatedPromptTokens).toBeGreaterThan(300);

    const again = await converse(host, opening);
    expect(again.report.evaluatedPromptTokens).toBeLessThanOrEqual(64);

    const longer = [...opening, say('assistant', again.text), say('user', 'And the storm?')];
    const second = await converse(host, longer);
    expect(second.report.evaluatedPromptTokens).toBeLessThanOrEqual(replyTokens + 10 + 64);

    await host.unload();
    expect(host.info().state).toBe('unloaded');
    const restarted = await converse(host, longer);
    expect(restarted.report).toMatchObject({ stateSource: 'disk' });
    expect(restarted.report.evaluatedPromptTokens).toBeLessThanOrEqual(64);
    const next = [...longer, say('assistant', restarted.text), say('user', 'Tell me more.')];
    expect((await converse(host, next)).report.evaluatedPromptTokens).toBeLessThanOrEqual(replyTokens + 10 + 64);
  });

  test('a note near the end that changes each turn costs only what follows it', async () => {
    const host = open();
    const history = [...opening, say('assistant', 'I keep the light.'), say('user', 'Since when?')];
    const withNote = (note: string) => [...history.slice(0, -1), system(note), ...history.slice(-1)];
    await converse(host, withNote('It is evening.'));
    const changed = await converse(host, withNote('It is night, and the wind is up.'));
    expect(changed.report.evaluatedPromptTokens).toBeLessThanOrEqual(64);
    expect(changed.report.stateSource).toBe('memory');
  });

  test('a warmed character is read from disk by another conversation, after a restart too', async () => {
    const host = open();
    const warmed = await host.warm({
      prompt: opening.slice(0, 2),
      options: { affinity: 'opened', stableMessages: 1 },
      signal: new AbortController().signal,
    });
    expect(warmed.source).toBe('computed');
    expect(warmed.evaluatedTokens).toBeGreaterThan(300);
    const inMemory = await converse(host, opening, { engine: { affinity: 'opened' } });
    expect(inMemory.report).toMatchObject({ stateSource: 'memory' });
    expect(inMemory.report.evaluatedPromptTokens).toBeLessThanOrEqual(64);
    const other = await converse(host, opening, { engine: { affinity: 'other', keepState: false } });
    expect(other.report.evaluatedPromptTokens).toBeLessThanOrEqual(64);
    await host.unload();
    const fresh = await converse(host, [opening[0] ?? system(''), say('user', 'Hello there')], {
      engine: { affinity: 'third' },
    });
    expect(fresh.report).toMatchObject({ stateSource: 'disk' });
    expect(fresh.report.evaluatedPromptTokens).toBeLessThanOrEqual(64);
    const rewarmed = await host.warm({
      prompt: opening.slice(0, 1),
      options: { affinity: 'third', stableMessages: 1 },
      signal: new AbortController().signal,
    });
    expect(rewarmed).toMatchObject({ evaluatedTokens: 0 });
  });

  test('a favourite that is kept already is not read again, and takes nobody’s place', async () => {
    const host = open();
    await converse(host, opening, { engine: { affinity: 'talking' } });
    const favourite = { prompt: opening.slice(0, 1), options: { stableMessages: 1 } };
    const report = await host.warm({ ...favourite, signal: new AbortController().signal });
    expect(report).toMatchObject({ source: 'disk', evaluatedTokens: 0 });
    expect(report.totalTokens).toBeGreaterThan(300);
    const again = await converse(host, opening, { engine: { affinity: 'talking' } });
    expect(again.report.stateSource).toBe('memory');
  });

  test('damaged states are noticed, dropped and computed anew', async () => {
    const host = open();
    const first = await converse(host, opening);
    await host.unload();
    const states = (await readdir(statesDir)).filter((name) => name.endsWith('.state'));
    expect(states.length).toBeGreaterThan(0);
    for (const name of states) await writeFile(join(statesDir, name), Buffer.alloc(5000, 1));
    const second = await converse(host, opening);
    expect(second.report).toMatchObject({ stateSource: 'none' });
    expect(second.report.evaluatedPromptTokens).toBe(first.report.evaluatedPromptTokens);
    expect(second.text).not.toBe('');
  });

  test('forgetting a conversation removes its states', async () => {
    const host = open();
    await converse(host, opening, { engine: { stableMessages: 0 } });
    await host.unload();
    expect((await readdir(statesDir)).some((name) => name.endsWith('.state'))).toBe(true);
    await host.forget('one');
    expect((await readdir(statesDir)).some((name) => name.endsWith('.state'))).toBe(false);
  });
});
