import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolvePersona } from '../../src/character/persona-store.ts';
import { openTestStorage, type TestStorage } from '../support/open-test-storage.ts';

let opened: TestStorage;

beforeAll(async () => {
  opened = await openTestStorage();
  await opened.storage.transaction(async (trx) => {
    for (const [id, ownerId, more] of [
      ['chosen', 'ann', {}],
      ['of-character', 'ann', {}],
      ['old-default', 'ann', { isDefault: 1, updatedAt: 1 }],
      ['default', 'ann', { isDefault: 1, updatedAt: 2 }],
      ['gone', 'ann', { deletedAt: 9, isDefault: 1, updatedAt: 9 }],
      ['strange', 'bo', {}],
    ] as const) {
      await trx
        .insertInto('persona')
        .values({
          id,
          ownerId,
          name: id,
          title: '',
          description: 'd',
          pictureHash: null,
          position: 'prompt',
          depth: 2,
          role: 'system',
          isDefault: 0,
          createdAt: 0,
          updatedAt: 0,
          deletedAt: null,
          ...more,
        })
        .execute();
    }
    for (const [characterId, personaId] of [
      ['mira', 'of-character'],
      ['orin', 'gone'],
      ['nell', 'strange'],
    ] as const) {
      await trx
        .insertInto('character')
        .values({
          id: characterId,
          ownerId: null,
          slug: characterId,
          currentVersionId: '',
          createdAt: 0,
          updatedAt: 0,
          deletedAt: null,
        })
        .execute();
      await trx
        .insertInto('characterMark')
        .values({ userId: 'ann', characterId, favourite: 0, folderId: null, tags: '[]', personaId, lastUsedAt: null })
        .execute();
    }
  });
});
afterAll(() => opened[Symbol.asyncDispose]());

test.each<[conversation: string | null, characterId: string, expected: string | null, ownerId?: string]>([
  ['chosen', 'mira', 'chosen'],
  [null, 'mira', 'of-character'],
  [null, 'elsewhere', 'default'],
  ['gone', 'mira', 'of-character'],
  ['gone', 'orin', 'default'],
  ['strange', 'nell', 'default'],
  ['chosen', 'mira', null, 'bo'],
  ['strange', 'mira', 'strange', 'bo'],
])(
  'conversation %s with %s: the person is %s',
  async (conversationPersonaId, characterId, expected, ownerId = 'ann') => {
    const persona = await resolvePersona(opened.storage.db, { ownerId, conversationPersonaId, characterId });
    expect(persona?.id ?? null).toBe(expected);
  },
);
