import { afterAll, beforeAll, expect, test } from 'vitest';
import { API_ADDRESSES } from '../../client/api-routes.ts';
import { createClient } from '../../client/create-client.ts';
import { streamParts } from '../../client/stream-parts.ts';
import { impersonationPartSchema, suggestionPartSchema } from '../../contract/writing-help.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

let house: ChatHouse;
const says = (text: string) => [{ type: 'tokens' as const, tokens: [text] }];

beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [
        { when: { contains: 'Write three short' }, steps: says('{"suggestions":["One.","Two.","Three."]}') },
        { when: { contains: 'Write the next message' }, steps: says('I would rather stay.') },
      ],
      otherwise: 'echo',
    },
  });
});
afterAll(() => house[Symbol.asyncDispose]());

async function all<Part>(parts: AsyncIterable<Part>): Promise<Part[]> {
  const found: Part[] = [];
  for await (const part of parts) found.push(part);
  return found;
}

test('a message is written for a person, or three are suggested, and nothing of it is kept', async () => {
  const conversation = await house.owner.begin();
  await house.owner.talk(conversation.id, 'Shall we go?');
  const before = await house.owner.path(conversation.id);
  const { signal } = new AbortController();
  const client = createClient({ baseUrl: house.address, token: house.terminalToken });
  const path = (address: string) => address.replace(':id', conversation.id);
  const impersonated = await all(
    streamParts({
      client,
      path: path(API_ADDRESSES.impersonation),
      body: { draft: 'no' },
      part: impersonationPartSchema,
      signal,
    }),
  );
  expect(impersonated.map((part) => (part.type === 'impersonation-delta' ? part.text : '')).join('')).toBe(
    'I would rather stay.',
  );
  expect(impersonated.at(-1)).toEqual({ type: 'impersonation-end', state: 'done', failure: null });
  const suggested = await all(
    streamParts({ client, path: path(API_ADDRESSES.suggestions), body: {}, part: suggestionPartSchema, signal }),
  );
  expect(suggested).toEqual([
    { type: 'suggestion', text: 'One.' },
    { type: 'suggestion', text: 'Two.' },
    { type: 'suggestion', text: 'Three.' },
    { type: 'suggestions-end', state: 'done', failure: null },
  ]);
  expect(await house.owner.path(conversation.id)).toEqual(before);
});
