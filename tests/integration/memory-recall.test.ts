import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message, Receipt } from '../../contract/messages.ts';
import type { PromptRecord } from '../../contract/prompts.ts';
import { HousePairMemories } from '../../src/memory/pair-memories.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { wordsOf, type Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { activePath, readTree } from './support/check-tree.ts';
import { textOf } from '../../src/conversation/tree-types.ts';
import { wordsHash } from '../../src/memory/words-hash.ts';

let house: ChatHouse;
let owner: Caller;

beforeAll(async () => {
  house = await openHouse({
    // So short a memory that a talk soon leaves the window.
    script: {
      contextLength: 2600,
      rules: [
        {
          when: { contains: 'sail' },
          times: 1,
          steps: [{ type: 'tokens', tokens: ['I learned it from Ottoline in Vigo.'] }],
        },
        {
          when: { contains: 'sail' },
          steps: [{ type: 'tokens', tokens: ['I learned it from Bartholomew in Genoa.'] }],
        },
        {
          when: { contains: '' },
          steps: [{ type: 'tokens', tokens: ['The weather ', 'keeps turning, ', 'as it does.'] }],
        },
      ],
    },
  });
  owner = house.owner;
});
afterAll(() => house[Symbol.asyncDispose]());

const promptText = async (messageId: string): Promise<string> => {
  const record = await owner.call<PromptRecord>('GET', `/api/messages/${messageId}/prompt`);
  return record.messages.map(({ pieces }) => pieces.map(({ text }) => text).join('')).join('\n---\n');
};
const receiptOf = (messageId: string) => owner.call<Receipt>('GET', `/api/messages/${messageId}/receipt`);
const remembered = async (messageId: string) => (await receiptOf(messageId)).memory?.used ?? [];

/** Talk that pushes what was said before out of the window. */
async function talkOn(conversationId: string): Promise<void> {
  for (let round = 0; round < 9; round += 1) {
    await owner.talk(
      conversationId,
      `Round ${round}: ${'the market was loud and the bread was late, and nobody minded much about it at all '.repeat(4)}`,
    );
  }
}

const reply = async (conversationId: string, kind: 'regenerate' | 'answer', messageId: string): Promise<Message> => {
  const started = await owner.call<{ reply: Message }>('POST', `/api/conversations/${conversationId}/replies`, {
    kind,
    messageId,
  });
  return owner.ended(conversationId, started.reply.id);
};

describe('a reply remembers', () => {
  test('what was said before the window, with its source in the receipt', async () => {
    const { id } = await owner.begin();
    const { sent } = await owner.talk(id, 'My sister Hedwig restores violins in Cremona.');
    await talkOn(id);
    const { reply: answer } = await owner.talk(id, 'What does Hedwig do for a living, again?');
    const prompt = await promptText(answer.id);
    expect(prompt).toContain('restores violins');
    const used = await remembered(answer.id);
    expect(used.map((use) => use.id)).toContain(sent.message.id);
    const use = used.find((one) => one.id === sent.message.id);
    expect(use).toMatchObject({ kind: 'passage', conversationId: id, words: expect.arrayContaining(['Hedwig']) });
    expect(use!.parts.lexical).toBeGreaterThan(0);
    expect(use!.tokens).toBeGreaterThan(0);
    // What the model sees in the talk itself is not said twice.
    expect(prompt.split('Round 8')).toHaveLength(2);
  });

  test('never what was written again, edited or deleted, and each branch its own', async () => {
    const { id } = await owner.begin();
    const first = await owner.talk(id, 'Who taught you to sail?');
    expect(wordsOf(first.reply)).toContain('Ottoline');
    const again = await reply(id, 'regenerate', first.reply.id);
    expect(wordsOf(again)).toContain('Bartholomew');
    const told = await owner.talk(id, 'My dentist is called Fitzgibbon.');
    await owner.call('POST', `/api/messages/${told.sent.message.id}/edit`, { text: 'My dentist is called Abernathy.' });
    const secret = await owner.talk(id, 'My locker code is 7719.');
    await owner.call('DELETE', `/api/messages/${secret.sent.message.id}`);
    await talkOn(id);
    const asked = await owner.talk(
      id,
      'Who taught you, Ottoline or Bartholomew? And my dentist Fitzgibbon or Abernathy, and the locker code?',
    );
    const memory = (await promptText(asked.reply.id)).split('Who taught you, Ottoline')[0]!;
    expect(memory).toContain('Bartholomew');
    expect(memory).toContain('Abernathy');
    expect(memory).not.toContain('Ottoline');
    expect(memory).not.toContain('Fitzgibbon');
    expect(memory).not.toContain('7719');
    // Going back to the first alternative, the other one is not remembered.
    await owner.call('POST', `/api/conversations/${id}/path`, { messageId: first.reply.id });
    await talkOn(id);
    const back = await owner.talk(id, 'Who taught you, Ottoline or Bartholomew?');
    const other = (await promptText(back.reply.id)).split('Who taught you, Ottoline')[0]!;
    expect(other).toContain('Ottoline');
    expect(other).not.toContain('Bartholomew');
    expect(other).not.toContain('Abernathy');
  });

  test('other conversations with the same character, unless one of the two is private', async () => {
    const { id: before } = await owner.begin('starter-mira');
    await owner.talk(before, 'My goat Persephone won the county fair.');
    const { id } = await owner.begin('starter-mira');
    const answer = await owner.talk(id, 'Do you remember which prize Persephone won?');
    expect(await promptText(answer.reply.id)).toContain('county fair');
    const used = await remembered(answer.reply.id);
    expect(used.some(({ conversationId }) => conversationId === before)).toBe(true);

    await owner.call('PATCH', `/api/conversations/${before}`, { memory: 'private' });
    const without = await owner.talk(id, 'And Persephone, what did the goat win?');
    expect((await promptText(without.reply.id)).split('And Persephone')[0]).not.toContain('county fair');

    await owner.call('PATCH', `/api/conversations/${before}`, { memory: 'on' });
    await owner.call('PATCH', `/api/conversations/${id}`, { memory: 'private' });
    const alone = await owner.talk(id, 'Persephone the goat, please?');
    expect((await promptText(alone.reply.id)).split('Persephone the goat')[0]).not.toContain('county fair');
  });

  test('what the person pinned, always, and what a rule forbids never', async () => {
    const { id } = await owner.begin('starter-mira');
    const pair = { ownerId: house.app.accounts.terminalActor.userId, characterId: 'starter-mira' };
    const { facts } = house.app.memory;
    const pinned = await facts.addByUser(pair, { about: 'user', text: 'Ann is allergic to walnuts.', pinned: true });
    const { reply: answer } = await owner.talk(id, 'Good evening!');
    expect(await promptText(answer.id)).toContain('- Ann is allergic to walnuts. (');
    expect(await remembered(answer.id)).toContainEqual(expect.objectContaining({ kind: 'fact', id: pinned.id }));
    await facts.pin({ ownerId: pair.ownerId, id: pinned.id, pinned: false });

    const { id: before } = await owner.begin('starter-mira');
    await owner.talk(before, 'The vault in Ljubljana opens with the word pomegranate.');
    const first = await owner.talk(id, 'Which word opens the vault in Ljubljana?');
    expect(await promptText(first.reply.id)).toContain('pomegranate');
    await facts.addWordsRule(pair, { words: 'Pomegranate', everyCharacter: false });
    const second = await owner.talk(id, 'The vault in Ljubljana: which word was it?');
    expect(await promptText(second.reply.id)).not.toContain('pomegranate');
  });

  test('nothing of another person', async () => {
    const { id } = await owner.begin('starter-mira');
    await owner.talk(id, 'My passphrase hint is marzipan accordion.');
    const other = await house.member(`reader${Date.now() % 100_000}`);
    const theirs = await other.begin('starter-mira');
    const answer = await other.talk(theirs.id, 'What is the marzipan accordion?');
    const receipt = await other.call<Receipt>('GET', `/api/messages/${answer.reply.id}/receipt`);
    expect(receipt.memory?.used ?? []).toEqual([]);
  });
});

test('memory that followed what happened equals memory read anew', async () => {
  const { db } = house.app.storage;
  const ownerId = house.app.accounts.terminalActor.userId;
  const pair = { ownerId, characterId: 'starter-mira' };
  const fresh = new HousePairMemories({ db, logger: silentLogger() });
  const [followed, anew] = await Promise.all([house.app.memory.memories.view(pair), fresh.view(pair)]);
  expect([...followed.conversationIds].toSorted()).toEqual([...anew.conversationIds].toSorted());
  for (const id of anew.conversationIds) {
    expect(followed.path(id)).toEqual(anew.path(id));
    const tree = await readTree(db, id);
    const path = activePath(tree).filter(
      (node) => node.deletedAt === null && !node.hidden && textOf(node.parts) !== '',
    );
    expect(anew.path(id)).toEqual(path.map((node) => node.id));
    for (const node of tree.nodes) {
      expect(followed.counts(node.id, wordsHash(node.parts))).toBe(path.some((one) => one.id === node.id));
    }
  }
  expect(followed.index.size).toBe(anew.index.size);
});
