import { unbilled } from '../../tests/support/unbilled.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestStorage } from '../../tests/support/open-test-storage.ts';
import { RoomHouse } from '../../tests/support/room-house.ts';
import { changeConversation, readConversation } from '../conversation/conversation-store.ts';
import type { MessageNode } from '../conversation/tree-types.ts';
import { createScriptedModel, type ScriptedModel } from '../models/scripted/scripted-model.ts';
import { HistoryWindow } from './history-window.ts';
import { HumanWords, type HumanTurnRequest } from './human-words.ts';
import { TokenCounts } from './token-counts.ts';

let house: Awaited<ReturnType<typeof openTestStorage>>;
beforeAll(async () => {
  house = await openTestStorage();
});
afterAll(() => house[Symbol.asyncDispose]());

/** A room in which Kim whispered to Bo, and what a model is asked in the place of somebody. */
async function openTalk(said: string[]): Promise<{
  words: HumanWords;
  model: ScriptedModel;
  turnOf: (id: string, some?: Partial<HumanTurnRequest>) => Promise<HumanTurnRequest>;
}> {
  const room = new RoomHouse(house.storage);
  await room.open({ characters: [{ id: 'mira' }, { id: 'bo' }], humans: [{ id: 'ann' }, { id: 'kim' }] });
  let last: MessageNode = await room.say({ by: 'ann', text: 'Good evening.' });
  last = await room.say({ by: 'mira', text: 'Welcome, {{user}}.', below: last });
  last = await room.say({ by: 'kim', text: 'I hid the key.', to: ['bo'], below: last });
  const leafId = last.id;
  await house.storage.transaction((trx) =>
    changeConversation(trx, { id: room.conversationId, ownerId: room.hostId, change: { title: 'Pier' } }),
  );
  const model = createScriptedModel({ rules: [{ steps: [{ type: 'tokens', tokens: said }] }] });
  const counts = new TokenCounts();
  const directory = { resolve: async () => unbilled(model) };
  const words = new HumanWords({ db: house.storage.db, directory, counts, history: new HistoryWindow(counts) });
  const turnOf = async (id: string, some: Partial<HumanTurnRequest> = {}): Promise<HumanTurnRequest> => {
    const conversation = await readConversation(house.storage.db, { id: room.conversationId, ownerId: room.hostId });
    if (!conversation) throw new Error('The room is gone.');
    return {
      conversation: { ...conversation, leafId },
      seat: room.who(id),
      participants: room.participants,
      locale: 'en',
      name: room.who(id).name,
      persona: 'Never in a hurry.',
      draft: '',
      signal: new AbortController().signal,
      ...some,
    };
  };
  return { words, model, turnOf };
}

const asked = ({ calls }: ScriptedModel): string => JSON.stringify(calls.at(-1)?.prompt);

async function all(parts: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of parts) text += part;
  return text;
}

describe('words in the place of a person', () => {
  test('are written from what that person heard, as who they are', async () => {
    const { words, model, turnOf } = await openTalk(['Ann:', ' Is anybody', ' there?\nMira:', ' Yes.']);
    expect(await all(words.impersonate(await turnOf('ann')))).toBe('Is anybody there?');
    expect(asked(model)).toContain('Ann: Good evening.\\nMira: Welcome, Ann.');
    expect(asked(model)).toContain('Never in a hurry.');
    expect(asked(model)).not.toContain('key');
    await all(words.impersonate(await turnOf('kim', { draft: 'ask Bo about it' })));
    expect(asked(model)).toContain('Kim: I hid the key.');
    expect(asked(model)).toContain('It says this: ask Bo about it');
  });

  test('are suggested three at most, as JSON or as lines', async () => {
    const json = await openTalk(['Here: {"suggestions":["Hello.","Ann: And you?","Hello.","  "]}']);
    expect(await json.words.suggest(await json.turnOf('ann'))).toEqual(['Hello.', 'And you?']);
    const lines = await openTalk(['1. Hello.\n- And you?\n\n3) Good night.\nMore']);
    expect(await lines.words.suggest(await lines.turnOf('ann'))).toEqual(['Hello.', 'And you?', 'Good night.']);
    const nothing = await openTalk([' ']);
    await expect(nothing.words.suggest(await nothing.turnOf('ann'))).rejects.toMatchObject({ code: 'no-suggestions' });
  });
});
