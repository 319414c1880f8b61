import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Conversation } from '../../contract/conversations.ts';
import type { ImportedPreset, PromptPreset, PromptPresetSummary, PromptRecord } from '../../contract/prompts.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;
let member: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
  member = await house.member('mallory');
});
afterAll(() => house[Symbol.asyncDispose]());

const list = async (who = owner) => (await who.call<{ presets: PromptPresetSummary[] }>('GET', '/api/presets')).presets;
const copy = (name: string, who = owner) =>
  who.call<PromptPreset>('POST', '/api/presets/house-classic/duplicate', { name });
const importFile = (file: unknown, fileName = 'Theirs.json') =>
  owner.call<ImportedPreset>('POST', '/api/presets/import', {
    fileName,
    data: Buffer.from(JSON.stringify(file)).toString('base64'),
  });

describe('presets', () => {
  test('of the house are listed first, can be copied, and cannot be changed', async () => {
    const [stable, classic] = await list();
    expect(stable).toMatchObject({ id: 'house-stable', builtIn: true, order: 'stable', instruct: null });
    expect(classic).toMatchObject({ id: 'house-classic', builtIn: true, order: 'classic' });
    const { body } = await owner.call<PromptPreset>('GET', '/api/presets/house-classic');
    const change = { name: 'Mine now', body };
    expect(await owner.refusal('PUT', '/api/presets/house-classic', change)).toMatchObject({ code: 'preset-built-in' });
    expect((await owner.refusal('DELETE', '/api/presets/house-classic')).status).toBe(404);
    const own = await copy('My copy');
    expect(own).toMatchObject({ name: 'My copy', builtIn: false, revision: 1, body });
  });

  test('are changed by revision, deleted and brought back', async () => {
    const own = await copy('Changing');
    const [first, ...rest] = own.body.segments;
    const body = { ...own.body, segments: [...rest, { ...first!, text: 'Be brief.' }] };
    const save = (expectedRevision: number, change = body) => ({ name: 'Changed', body: change, expectedRevision });
    const saved = await owner.call<PromptPreset>('PUT', `/api/presets/${own.id}`, save(1));
    expect(saved).toMatchObject({ name: 'Changed', revision: 2 });
    expect(saved.body.segments.at(-1)).toMatchObject({ id: 'house', text: 'Be brief.' });
    expect(await owner.refusal('PUT', `/api/presets/${own.id}`, save(1))).toMatchObject({
      status: 409,
      code: 'revision-conflict',
    });
    const doubled = { ...body, segments: [...body.segments, ...body.segments] };
    expect(await owner.refusal('PUT', `/api/presets/${own.id}`, save(2, doubled))).toMatchObject({
      status: 400,
      field: `body.segments.${body.segments.length}.id`,
    });
    await owner.call('DELETE', `/api/presets/${own.id}`);
    expect((await owner.refusal('GET', `/api/presets/${own.id}`)).status).toBe(404);
    expect((await list()).map(({ id }) => id)).not.toContain(own.id);
    expect(await owner.call('POST', `/api/presets/${own.id}/restore`)).toEqual(saved);
  });

  test('of others do not exist', async () => {
    const own = await copy('Private');
    const path = `/api/presets/${own.id}`;
    expect((await list(member)).map(({ id }) => id)).not.toContain(own.id);
    const tries = [
      ['GET', path],
      ['PUT', path, { name: 'x', body: own.body }],
      ['DELETE', path],
      ['POST', `${path}/restore`],
      ['POST', `${path}/duplicate`, { name: 'x' }],
      ['GET', `${path}/export`],
    ] as const;
    for (const [method, url, body] of tries) expect((await member.refusal(method, url, body)).status).toBe(404);
    const theirs = await member.begin();
    expect(await member.refusal('PATCH', `/api/conversations/${theirs.id}`, { promptPresetId: own.id })).toMatchObject({
      status: 404,
      field: 'promptPresetId',
    });
    expect(await owner.call('GET', path)).toEqual(own);
  });

  test('are read from SillyTavern’s files and written back', async () => {
    const file = {
      temperature: 0.7,
      openai_max_tokens: 77,
      unknown_key: { deep: [1] },
      prompts: [
        { identifier: 'main', name: 'Main', role: 'system', content: 'Imported frame.', system_prompt: true },
        { identifier: 'chatHistory', name: 'History', system_prompt: true, marker: true },
      ],
      prompt_order: [
        { character_id: 100001, order: ['main', 'chatHistory'].map((identifier) => ({ identifier, enabled: true })) },
      ],
    };
    const { preset, kind, warnings } = await importFile(file);
    expect([preset.name, preset.order, kind, warnings]).toEqual(['Theirs', 'classic', 'chat-completion', []]);
    expect(await owner.call('GET', `/api/presets/${preset.id}/export?format=sillytavern`)).toMatchObject(file);
    const ours = await owner.ask('GET', `/api/presets/${preset.id}/export`);
    expect(ours.headers.get('content-disposition')).toContain('Theirs.json');
    const again = await importFile(ours.body);
    const bodyOf = async (id: string) => (await owner.call<PromptPreset>('GET', `/api/presets/${id}`)).body;
    expect(await bodyOf(again.preset.id)).toEqual(await bodyOf(preset.id));
    expect(await owner.refusal('POST', '/api/presets/import', { fileName: 'x.txt', data: 'eA==' })).toMatchObject({
      status: 400,
      code: 'not-a-preset',
    });
  });

  test('decide the prompts of the conversations that use them', async () => {
    const { preset } = await importFile({
      prompts: [
        { identifier: 'main', content: 'Frame of {{char}}.' },
        { identifier: 'late', name: 'Late', content: 'Late {{user}}.', injection_position: 1, injection_depth: 0 },
        { identifier: 'chatHistory', marker: true },
      ],
      prompt_order: [
        {
          character_id: 100001,
          order: ['main', 'chatHistory', 'late'].map((identifier) => ({ identifier, enabled: true })),
        },
      ],
    });
    const conversation = await owner.begin();
    expect(conversation.promptPresetId).toBeNull();
    const path = `/api/conversations/${conversation.id}`;
    const changed = await owner.call<Conversation>('PATCH', path, { promptPresetId: preset.id });
    expect(changed.promptPresetId).toBe(preset.id);
    const { reply } = await owner.talk(conversation.id, 'Hello there');
    const record = await owner.call<PromptRecord>('GET', `/api/messages/${reply.id}/prompt`);
    expect(record).toMatchObject({ order: 'classic', presetName: 'Theirs' });
    const text = record.messages.map(({ pieces }) => pieces.map((piece) => piece.text).join('')).join('\n');
    expect(text).toMatch(/^Frame of Mira\./);
    expect(text).toMatch(/Hello there[\s\S]*Late /);
    expect((await owner.call<Conversation>('PATCH', path, { promptPresetId: null })).promptPresetId).toBeNull();
  });

  test('leave the house with their person', async () => {
    const leaving = await house.member('leaver');
    const own = await copy('Last', leaving);
    expect(
      (await house.app.storage.db.selectFrom('promptPreset').selectAll().where('id', '=', own.id).execute()).length,
    ).toBe(1);
    await house.app.presets.purgeAllOf((await leaving.call<{ id: string }>('GET', '/api/me')).id);
    expect((await list(leaving)).filter(({ builtIn }) => !builtIn)).toEqual([]);
  });
});
