import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CharacterBook, ImportedLorebook } from '../../contract/books.ts';
import type { Character } from '../../contract/characters.ts';
import type { Lorebook, LorebookSummary } from '../../contract/lore.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
});
afterAll(() => house[Symbol.asyncDispose]());

const importFile = (file: unknown, fileName = 'World.json', more: Record<string, unknown> = {}) =>
  owner.call<ImportedLorebook>('POST', '/api/lorebooks/import', {
    fileName,
    data: Buffer.from(typeof file === 'string' ? file : JSON.stringify(file)).toString('base64'),
    ...more,
  });
const read = (id: string) => owner.call<Lorebook>('GET', `/api/lorebooks/${id}`);

const stWorld = {
  entries: {
    '7': {
      uid: 7,
      key: ['harbour', '/sto(rm|ne)/i'],
      keysecondary: ['night'],
      comment: 'Harbour',
      content: 'The harbour is old.',
      constant: false,
      selective: true,
      selectiveLogic: 3,
      order: 42,
      position: 4,
      depth: 2,
      role: 1,
      disable: false,
      sticky: 3,
      group: 'places',
      displayIndex: 0,
      automationId: 'keep me',
      unknownKey: { deep: [1, 2] },
    },
    '9': { uid: 9, key: ['灯塔'], keysecondary: [], comment: '', content: '灯塔很旧。', order: 100, disable: true },
  },
};

describe('a file', () => {
  test('of SillyTavern moves in, and out again as it came', async () => {
    const imported = await importFile(stWorld, 'Eldoria.json');
    expect(imported).toMatchObject({
      format: 'st',
      sameAs: null,
      book: { name: 'Eldoria', mode: 'st', entryCount: 2 },
    });
    const { body } = await read(imported.book.id);
    expect(body.entries[0]).toMatchObject({
      uid: '7',
      keys: ['harbour', '/sto(rm|ne)/i'],
      selectiveLogic: 'and-all',
      position: 'at-depth',
      depth: 2,
      role: 'user',
      sticky: 3,
    });
    const response = await owner.fetch(`/api/lorebooks/${imported.book.id}/export?format=st`);
    expect(response.headers.get('content-disposition')).toContain('filename="Eldoria.json"');
    const file = (await response.json()) as { entries: Record<string, Record<string, unknown>> };
    expect(file.entries['7']).toMatchObject(stWorld.entries['7']);
    expect(file.entries['9']).toMatchObject(stWorld.entries['9']);
    const again = await importFile(file, 'Eldoria.json');
    expect(again.sameAs).toEqual({ id: imported.book.id, name: 'Eldoria' });
    expect((await read(again.book.id)).body).toEqual(body);
  });

  test('of V3 moves in under its own rules, or under others when asked', async () => {
    const file = {
      spec: 'lorebook_v3',
      data: {
        name: '北方',
        token_budget: 300,
        extensions: { other: true },
        entries: [
          {
            keys: ['snow'],
            content: '@@depth 3\nIt snows.',
            enabled: true,
            insertion_order: 5,
            use_regex: false,
            extensions: { mine: 1 },
          },
        ],
      },
    };
    const imported = await importFile(file);
    expect(imported).toMatchObject({ format: 'lorebook_v3', book: { name: '北方', mode: 'spec', entryCount: 1 } });
    const response = await owner.fetch(`/api/lorebooks/${imported.book.id}/export?format=lorebook_v3`);
    expect(response.headers.get('content-disposition')).toContain(
      `filename*=UTF-8''${encodeURIComponent('北方')}.json`,
    );
    expect(await response.json()).toMatchObject(file);
    expect((await importFile(file, 'x.json', { mode: 'st' })).book.mode).toBe('st');
  });

  test.each<[string, string, number, string]>([
    ['is no JSON', 'hello', 400, 'lorebook-not-json'],
    ['is another JSON', '{"a":1}', 400, 'lorebook-unknown'],
    ['is nested without end', `{"entries":{"0":{"a":${'['.repeat(300)}${']'.repeat(300)}}}}`, 400, 'lorebook'],
  ])('that %s is refused', async (_what, text, status, code) => {
    const data = Buffer.from(text).toString('base64');
    const refusal = await owner.refusal('POST', '/api/lorebooks/import', { fileName: 'x.json', data });
    expect(refusal.status).toBe(status);
    expect(refusal.code).toContain(code);
  });
});

describe('the book in a card', () => {
  const entries = [
    { keys: ['lamp'], content: 'The lamp is brass.', enabled: true, insertion_order: 1, extensions: {} },
  ];
  const importCard = (more: object = {}) =>
    owner.call<{ character: Character }>('POST', '/api/characters/import', {
      fileName: 'card.json',
      data: Buffer.from(
        JSON.stringify({
          spec: 'chara_card_v3',
          spec_version: '3.0',
          data: { name: 'Keeper', custom: { stays: true }, extensions: {}, ...more },
        }),
      ).toString('base64'),
    });
  const bookOf = (id: string) => owner.call<CharacterBook>('GET', `/api/characters/${id}/book`);

  test('is read, and saved as a new version that keeps the rest of the card', async () => {
    const { character } = await importCard({ character_book: { name: 'Inside', extensions: {}, entries } });
    const book = await bookOf(character.id);
    expect(book).toMatchObject({ characterName: 'Keeper', version: 1, mine: true, body: { name: 'Inside' } });
    const body = {
      ...book.body,
      entries: [...(book.body?.entries ?? []), { uid: 'new', keys: ['oil'], content: 'Oil.' }],
    };
    const saved = await owner.call<CharacterBook>('PUT', `/api/characters/${character.id}/book`, {
      body,
      expectedVersionId: book.versionId,
    });
    expect(saved).toMatchObject({ version: 2, body: { entries: [{ keys: ['lamp'] }, { keys: ['oil'] }] } });
    expect(
      await owner.refusal('PUT', `/api/characters/${character.id}/book`, { body, expectedVersionId: book.versionId }),
    ).toMatchObject({ status: 409, code: 'version-conflict' });
    const row = await house.app.storage.db
      .selectFrom('characterVersion')
      .select('card')
      .where('id', '=', saved.versionId)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(row.card)).toMatchObject({ data: { custom: { stays: true } } });
  });

  test('becomes a book of its own, attached, and goes back into a card', async () => {
    const { character } = await importCard({ character_book: { name: '', extensions: {}, entries } });
    const { versionId } = await bookOf(character.id);
    const moved = await owner.call<LorebookSummary>('POST', `/api/characters/${character.id}/book/move`, {
      expectedVersionId: versionId,
    });
    expect(moved).toMatchObject({
      name: 'Keeper',
      entryCount: 1,
      targets: [{ kind: 'character', id: character.id, name: 'Keeper' }],
    });
    expect((await bookOf(character.id)).body).toBeNull();
    const put = { characterId: character.id };
    const back = await owner.call<CharacterBook>('POST', `/api/lorebooks/${moved.id}/card`, put);
    expect(back.body?.entries[0]).toMatchObject({ keys: ['lamp'], content: 'The lamp is brass.' });
    expect(await owner.refusal('POST', `/api/lorebooks/${moved.id}/card`, put)).toMatchObject({
      status: 409,
      code: 'book-in-card',
    });
    await owner.call('POST', `/api/lorebooks/${moved.id}/card`, { ...put, replace: true });
  });

  test('of a starter can be read, not changed', async () => {
    const book = await bookOf('starter-mira');
    expect(book.mine).toBe(false);
    expect(
      await owner.refusal('PUT', '/api/characters/starter-mira/book', {
        body: { entries: [] },
        expectedVersionId: book.versionId,
      }),
    ).toMatchObject({ status: 403, code: 'starter' });
  });
});
