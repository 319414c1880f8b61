import { afterAll, beforeAll, expect, test } from 'vitest';
import { translationPartSchema, type Translation, type TranslationPart } from '../../contract/translations.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

let house: ChatHouse;
beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [
        {
          when: { equals: 'Hallo *lacht* Mira' },
          steps: [{ type: 'tokens', tokens: ['Hello ', '*laughs* Mira'] }],
          times: 1,
        },
        { when: { equals: 'Hallo *lacht* Mira' }, steps: [{ type: 'tokens', tokens: ['Hi *laughs* Mira'] }] },
        { when: { equals: 'Still' }, steps: [{ type: 'tokens', tokens: [' '] }] },
        { when: { contains: 'What next?' }, steps: [{ type: 'tokens', tokens: ['Tea.'] }] },
        { when: { contains: 'para' }, steps: [{ type: 'tokens', tokens: ['piece'] }] },
      ],
    },
  });
});
afterAll(() => house[Symbol.asyncDispose]());

async function translate(
  caller: Caller,
  messageId: string,
  body: { language: string; again?: boolean },
): Promise<TranslationPart[]> {
  const response = await caller.fetch(`/api/messages/${messageId}/translations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => translationPartSchema.parse(JSON.parse(line.slice(6))));
}

const endOf = (parts: TranslationPart[]) => {
  const end = parts.at(-1);
  if (end?.type !== 'translation-end') throw new Error('The stream has no end.');
  return end;
};
const listed = async (id: string) =>
  (await house.owner.call<{ translations: Translation[] }>('GET', `/api/conversations/${id}/translations`))
    .translations;

test('a message is translated word by word, kept, made anew and removed; no model ever reads it', async () => {
  const { id } = await house.owner.begin();
  const { message } = await house.owner.say(id, 'Hallo *lacht* Mira', { reply: false });
  const parts = await translate(house.owner, message.id, { language: 'en' });
  expect(parts.map(({ type }) => type)).toEqual([
    'translation-start',
    'translation-delta',
    'translation-delta',
    'translation-end',
  ]);
  expect(endOf(parts)).toMatchObject({ state: 'done', translation: { text: 'Hello *laughs* Mira', language: 'en' } });
  // Asked again it is only handed out.
  expect(await translate(house.owner, message.id, { language: 'en' })).toHaveLength(1);
  expect((await listed(id)).map(({ text }) => text)).toEqual(['Hello *laughs* Mira']);
  expect(endOf(await translate(house.owner, message.id, { language: 'en', again: true }))).toMatchObject({
    translation: { text: 'Hi *laughs* Mira' },
  });
  const { reply } = await house.owner.talk(id, 'What next?');
  const prompt = JSON.stringify(await house.owner.call('GET', `/api/messages/${reply.id}/prompt`));
  expect(prompt).toContain('Hallo *lacht* Mira');
  expect(prompt).not.toContain('*laughs*');
  await house.owner.call('DELETE', `/api/messages/${message.id}/translations/en`);
  expect(await listed(id)).toEqual([]);
  expect(await house.owner.refusal('DELETE', `/api/messages/${message.id}/translations/en`)).toMatchObject({
    status: 404,
  });
});

test('a translation without a word is none, and says so', async () => {
  const { id } = await house.owner.begin();
  const { message } = await house.owner.say(id, 'Still', { reply: false });
  expect(endOf(await translate(house.owner, message.id, { language: 'fr' }))).toMatchObject({
    state: 'failed',
    failure: { code: 'translation-empty' },
    translation: null,
  });
  expect(await listed(id)).toEqual([]);
});

test('a long message is translated in pieces and keeps its paragraphs', async () => {
  const { id } = await house.owner.begin();
  const text = Array.from({ length: 4 }, (_, index) => `para ${index} ${'x'.repeat(1200)}`).join('\n\n');
  const { message } = await house.owner.say(id, text, { reply: false });
  const { translation } = endOf(await translate(house.owner, message.id, { language: 'ja' }));
  expect(translation?.text).toBe('piece\n\npiece\n\npiece\n\npiece');
});

test('only who heard a message may have it translated', async () => {
  const stranger = await house.member('stranger');
  const { id } = await house.owner.begin();
  const { message } = await house.owner.say(id, 'Hallo *lacht* Mira', { reply: false });
  const body = { language: 'en' };
  expect(await stranger.refusal('POST', `/api/messages/${message.id}/translations`, body)).toMatchObject({
    status: 404,
  });
  expect(await stranger.refusal('GET', `/api/conversations/${id}/translations`)).toMatchObject({ status: 404 });
  await house.owner.call('DELETE', `/api/messages/${message.id}`);
  expect(await house.owner.refusal('POST', `/api/messages/${message.id}/translations`, body)).toMatchObject({
    status: 404,
  });
  const { db } = house.app.storage;
  await house.owner.call('POST', `/api/conversations/${id}/purge`);
  expect(await db.selectFrom('messageTranslation').selectAll().where('conversationId', '=', id).execute()).toEqual([]);
});
