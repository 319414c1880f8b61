import { unbilled } from '../support/unbilled.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DraftPart } from '../../contract/drafting.ts';
import { draftCharacterSchema } from '../../contract/drafting.ts';
import { Drafting } from '../../src/features/drafting/drafting.ts';
import type { LlamaHost } from '../../src/models/llama/llama-host.ts';
import { hasFallbackModel, openFallbackModel } from './llama-fixtures.ts';

let folder: string;
let host: LlamaHost;
let drafting: Drafting;

beforeAll(async () => {
  if (!hasFallbackModel) return;
  folder = await mkdtemp(join(tmpdir(), 'everwith-draft-'));
  const opened = await openFallbackModel(join(folder, 'states'));
  host = opened.host;
  drafting = new Drafting({ models: { resolve: async () => unbilled(opened.model) } });
});
afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const ALL = ['name', 'description', 'tagline', 'personality', 'scenario', 'greeting', 'exampleDialogue', 'tags'];

test.skipIf(!hasFallbackModel).each([
  ['en', ALL, 'A retired lighthouse keeper who talks to gulls and hides a sad love story', /[a-z]{3}/i],
  [
    'zh-CN',
    ['name', 'tagline', 'greeting', 'exampleDialogue', 'tags'],
    '一个退休的灯塔看守人，喜欢和海鸥说话，心里藏着一段往事',
    /\p{Script=Han}{2}/u,
  ],
] as const)('the fallback model fills in every field of a card in %s', async (locale, fields, idea, words) => {
  const request = draftCharacterSchema.parse({ idea, fields, locale });
  const actor = { userId: 'somebody' } as Parameters<Drafting['draft']>[0];
  const parts: DraftPart[] = [];
  const began = performance.now();
  for await (const part of drafting.draft(actor, request, AbortSignal.timeout(240_000))) parts.push(part);
  const written = new Map(parts.flatMap((part) => (part.type === 'draft-field-end' ? [[part.field, part.text]] : [])));
  if (process.env['EVERWITH_SHOW_DRAFTS']) {
    process.stdout.write(
      `${Math.round(performance.now() - began)} ms\n${JSON.stringify(Object.fromEntries(written), null, 2)}\n`,
    );
  }
  expect(parts.at(-1)).toEqual({ type: 'draft-end', state: 'done', failure: null });
  expect([...written.keys()]).toEqual(fields);
  for (const [field, text] of written) expect(text, field).toMatch(words);
  expect(written.get('exampleDialogue')).toMatch(/^<START>\n\{\{user\}\}: .+\n\{\{char\}\}: .+/);
  expect(written.get('tags')?.split(', ').length).toBeGreaterThan(1);
  expect(written.get('name')?.length).toBeLessThanOrEqual(100);
  // Shown while it was written, not at once.
  expect(parts.filter((part) => part.type === 'draft-field-delta').length).toBeGreaterThan(40);
});
