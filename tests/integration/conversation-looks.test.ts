import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Looks } from '../../contract/looks.ts';
import type { Conversation } from '../../contract/conversations.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

/** A picture of one pixel. */
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkM9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let house: ChatHouse;
let first: Conversation;
let second: Conversation;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  first = await house.owner.begin('starter-mira');
  second = await house.owner.begin('starter-mira');
});
afterAll(() => house[Symbol.asyncDispose]());

const read = (id: string) => house.owner.call<Looks>('GET', `/api/conversations/${id}/look`);
const choose = (id: string, choice: object) => house.owner.call<Looks>('PUT', `/api/conversations/${id}/look`, choice);

test('a look is chosen for a conversation or for a character, and taken back', async () => {
  const none = { theme: null, backgroundUrl: null };
  expect(await read(first.id)).toEqual({ conversation: none, character: none });
  await choose(first.id, { for: 'character', theme: 'bubbles' });
  await choose(first.id, { for: 'conversation', theme: 'visual-novel' });
  expect(await read(first.id)).toEqual({
    conversation: { ...none, theme: 'visual-novel' },
    character: { ...none, theme: 'bubbles' },
  });
  expect(await read(second.id)).toEqual({ conversation: none, character: { ...none, theme: 'bubbles' } });
  await choose(first.id, { for: 'character', theme: null });
  expect(await read(second.id)).toEqual({ conversation: none, character: none });
});

test('a picture of one’s own stands behind a conversation until it is removed, and a theme leaves it', async () => {
  const { conversation } = await choose(second.id, { for: 'conversation', background: PIXEL });
  expect(conversation.backgroundUrl).toMatch(/^\/api\/conversations\/.*\/background\?for=conversation/);
  await choose(second.id, { for: 'conversation', theme: 'flat' });
  const { backgroundUrl } = (await read(second.id)).conversation;
  const picture = await house.owner.fetch(backgroundUrl ?? '');
  expect(picture.headers.get('content-type')).toBe('image/png');
  expect(Buffer.from(await picture.arrayBuffer())).toEqual(Buffer.from(PIXEL.split(',')[1] ?? '', 'base64'));
  const removed = await choose(second.id, { for: 'conversation', background: null });
  expect(removed.conversation).toEqual({ theme: 'flat', backgroundUrl: null });
  expect(await house.owner.refusal('GET', backgroundUrl ?? '')).toMatchObject({ status: 404 });
});

test('what is no theme and no picture is refused by its field', async () => {
  for (const choice of [
    { for: 'conversation', theme: 'glitter' },
    { for: 'house', theme: 'flat' },
    { for: 'conversation', background: 'data:image/svg+xml;base64,PHN2Zz4=' },
    { for: 'conversation', background: 'https://example.org/a.png' },
  ]) {
    expect(await house.owner.refusal('PUT', `/api/conversations/${first.id}/look`, choice)).toMatchObject({
      status: 400,
    });
  }
});

test('looks leave with the conversation', async () => {
  const gone = await house.owner.begin('starter-mira');
  await choose(gone.id, { for: 'conversation', theme: 'bubbles' });
  await house.owner.call('POST', `/api/conversations/${gone.id}/purge`);
  const rows = await house.app.storage.db.selectFrom('lookChoice').select('subjectId').execute();
  expect(rows.map(({ subjectId }) => subjectId)).not.toContain(gone.id);
});
