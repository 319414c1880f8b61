import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { until } from './support/until.ts';

/*
 * What this house forwards, judged by an upstream that refuses whatever OpenAI's description does not allow.
 * `EVERWITH_OPENAI_SPEC` says where the `openapi.json` of openai/openai-openapi lies.
 */
const specPath = process.env['EVERWITH_OPENAI_SPEC'];

describe.skipIf(specPath === undefined)('an upstream as strict as OpenAI’s description (EVERWITH_OPENAI_SPEC)', () => {
  let house: ChatHouse;
  let upstream: ChildProcess;
  let upstreamUrl: string;
  let key: string;
  let folder: string;
  beforeAll(async () => {
    const port = await freePort();
    upstreamUrl = `http://127.0.0.1:${port}/v1`;
    folder = await mkdtemp(join(tmpdir(), 'everwith-strict-'));
    const description = await belowV1(specPath ?? '', folder);
    const steady = join(import.meta.dirname, '../../node_modules/@stdy/cli/steady.js');
    upstream = spawn(process.execPath, [steady, '-p', String(port), '--host', '127.0.0.1', '-q', description], {
      stdio: 'ignore',
    });
    house = await openHouse({ script: {} });
    await house.owner.call('POST', '/api/providers', {
      kind: 'openai-compatible',
      name: 'Strict',
      baseUrl: upstreamUrl,
      apiKey: 'sk-strict',
      models: ['strict-model'],
    });
    ({ key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] }));
    await until('the upstream answers', () => ask(upstreamUrl, asked).catch(() => null));
  });
  afterAll(async () => {
    await house?.[Symbol.asyncDispose]();
    const ended = new Promise((resolve) => upstream?.once('exit', resolve));
    upstream?.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  });

  const asked = { model: 'strict-model', messages: [{ role: 'user', content: 'Hello' }] };
  const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } };

  test('refuses what is wrong', async () => {
    expect((await ask(upstreamUrl, { ...asked, messages: 'Hello' })).status).toBe(400);
  });

  test.each([
    ['words', {}],
    [
      'limits and sampling',
      { max_completion_tokens: 9, temperature: 0.5, top_p: 0.9, seed: 7, stop: ['a', 'b'], n: 2 },
    ],
    [
      'a form',
      { response_format: { type: 'json_schema', json_schema: { name: 'p', schema: parameters, strict: true } } },
    ],
    [
      'tools and their results',
      {
        tools: [{ type: 'function', function: { name: 'weather', parameters } }],
        tool_choice: { type: 'function', function: { name: 'weather' } },
        messages: [
          ...asked.messages,
          { role: 'assistant', content: null, tool_calls: [call] },
          { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
        ],
      },
    ],
    [
      'a picture',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is this?' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
            ],
          },
        ],
      },
    ],
  ])('takes %s as this house forwards them', async (_what, more) => {
    const answer = await ask(`${house.address}/v1`, { ...asked, ...more });
    expect(answer.status, await answer.text()).toBe(200);
    expect(answer.headers.get('x-everwith-target')).toContain('strict-model');
  });

  function ask(base: string, body: object): Promise<Response> {
    return fetch(`${base}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The description with the paths that its own servers have, which the upstream does not read. */
async function belowV1(path: string, folder: string): Promise<string> {
  const document = JSON.parse(await readFile(path, 'utf8')) as { paths: Record<string, unknown> };
  const paths = Object.fromEntries(Object.entries(document.paths).map(([name, item]) => [`/v1${name}`, item]));
  const copy = join(folder, 'openapi.json');
  await writeFile(copy, JSON.stringify({ ...document, paths }));
  return copy;
}
