import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { findPython } from '../support/python.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

const PROGRAM = join(import.meta.dirname, 'support', 'openai-client.py');
const CHECKS = [
  'chat',
  'chat_stream',
  'chat_tools',
  'chat_schema',
  'responses',
  'responses_stream',
  'conversations',
  'embeddings',
  'audio',
  'files',
  'models',
  'errors',
  'idempotency',
  'asynchronous',
];
const lineSchema = z.object({ check: z.string(), problem: z.string().nullable() });

const python = await findPython();

// `./everwith test` makes an environment with OpenAI's client, where there is a Python.
describe.skipIf(python === null)('openai for Python', () => {
  let house: ChatHouse;
  let problems: Map<string, string | null>;
  beforeAll(async () => {
    const said = (...tokens: string[]) => ({ type: 'tokens' as const, tokens, delayInMs: 0 });
    house = await openHouse({
      script: {
        rules: [
          { when: { toolResult: 'rain' }, steps: [said('It ', 'rains', ' in Oslo.')] },
          { when: { contains: 'weather' }, steps: [{ type: 'tool-call', tool: 'weather', input: { city: 'Oslo' } }] },
          { when: { contains: 'JSON' }, steps: [said('{"city":"Oslo",', '"degrees":7}')] },
          { when: { contains: 'fail' }, steps: [{ type: 'error' }] },
          { when: { contains: 'break' }, steps: [said('Half'), { type: 'cut' }] },
          { steps: [said('Hello', ', ', 'world.')] },
        ],
        embeddings: [{ name: 'vectors' }],
        speech: {},
      },
    });
    const makeKey = async (more: object) =>
      (await house.owner.call<{ key: string }>('POST', '/api/platform/keys', { name: 'python', ...more })).key;
    const keys = [await makeKey({}), await makeKey({ models: ['vectors'] })];
    const { stdout } = await promisify(execFile)(python ?? '', [PROGRAM, `${house.address}/v1`, ...keys]);
    const lines = stdout.trim().split('\n');
    problems = new Map(
      lines.map((line) => {
        const { check, problem } = lineSchema.parse(JSON.parse(line));
        return [check, problem];
      }),
    );
  });
  afterAll(() => house?.[Symbol.asyncDispose]());

  test.each(CHECKS)('%s', (check) => {
    expect(problems.get(check)).toBe(null);
  });

  test('nothing else was tried', () => {
    expect([...problems.keys()]).toEqual(CHECKS);
  });
});
