import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openEverwithHome } from './support/everwith-process.ts';

/** What is large and not needed to listen: a start that waits for one of these is a third slower, or worse. */
const LATER =
  /^(?:fastify|@fastify\/|fastify-type-provider-zod|ajv|prom-client|@opentelemetry\/|better-auth|undici\/index\.js|ws|yaml|pg|@modelcontextprotocol\/|@ai-sdk\/(?!provider\/)|node-llama-cpp|@node-llama-cpp\/|onnxruntime-node|sherpa-onnx-node|@audio\/|selfsigned|@peculiar\/|file-type|re2js|pinyin-pro|tyme4ts|n2words|mammoth|unpdf|html-to-text|open\/)/;
/** Rooms behind the hall. */
const BEHIND = /^src\/(?:turn|voice|features\/(?:chat|rooms|calls|library|memories|moving|voices)|http\/routes)\//;
/** Of the house, when it listens: 306 of more than 1,400, since calls of models are billed where they are opened. */
const MOST_MODULES = 330;

test('a server listens before it has loaded the rooms behind the hall, and none of what is large', async () => {
  await using home = await openEverwithHome();
  const file = join(home.folder, 'loaded.json');
  // From its sources, whose modules have names; a build has the same in fewer files.
  const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
  const notes = join(import.meta.dirname, 'support', 'note-loaded.mjs');
  const words = ['serve', '--no-open', '--port', '0', '--data', home.data];
  const server = spawn(process.execPath, ['--import', notes, main, ...words], {
    env: { ...home.environment, EVERWITH_TEST_LOADED: file },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'exit');
  await once(server.stdout, 'data');
  server.kill('SIGTERM');
  await ended;
  const urls = z.array(z.string()).parse(JSON.parse(await readFile(file, 'utf8')));
  const packages = urls.flatMap((url) => /^.*\/node_modules\/(.*)$/.exec(url)?.[1] ?? []);
  const own = urls.flatMap((url) => /\/((?:src|contract|client)\/.*\.ts)$/.exec(url)?.[1] ?? []);
  // A house on PostgreSQL needs its client first of all.
  const needed = home.environment['EVERWITH_POSTGRES'] ? /^pg(?:-|\/)/ : /^$/;
  expect(packages.filter((path) => LATER.test(path) && !needed.test(path))).toEqual([]);
  expect(own.filter((path) => BEHIND.test(path))).toEqual([]);
  expect(own).toContain('src/http/openai/lean-door.ts');
  expect(own.length).toBeLessThanOrEqual(MOST_MODULES);
});
