import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { findOwnerId } from '../../src/accounts/user-store.ts';
import type { NewId } from '../../src/base/ids.ts';
import { listStarters } from '../../src/character/character-store.ts';
import { blankConversation } from '../../src/features/chat/blank-conversation.ts';
import { seedStarters } from '../../src/character/seed-starters.ts';
import { insertConversation, readConversation } from '../../src/conversation/conversation-store.ts';
import { appendToPath } from '../../src/conversation/conversation-tree.ts';
import { readMessage } from '../../src/conversation/message-store.ts';
import type { ConversationRecord, MessageNode } from '../../src/conversation/tree-types.ts';
import type { Storage } from '../../src/storage/storage.ts';

export const OWNER = 'bench-owner';
/** What a person or a character says in one message, about 60 tokens. */
const WORDS =
  'The lantern over the door had been lit before I came, and somebody had swept the step. "You are late," she said, ' +
  'not unkindly, and set the kettle back on the stove. *Rain went on against the shutters.* I told her about the ' +
  'bridge, the boy with the bicycle, and why I had walked the long way round after all.';

/** A conversation and where its path ends. */
export interface Talk {
  conversation: ConversationRecord;
  leaf: MessageNode | undefined;
}

/** A new, empty conversation with a starter character. */
export async function beginConversation(storage: Storage, newId: NewId): Promise<Talk> {
  const assetsDirectory = join(import.meta.dirname, '..', '..', 'assets');
  await seedStarters({ storage, assetsDirectory, clock: systemClock, newId });
  const [character] = await listStarters(storage.db);
  if (!character) throw new Error('There are no starter characters.');
  const conversation = blankConversation({
    id: newId(),
    ownerId: OWNER,
    character,
    locale: 'en',
    now: systemClock.now(),
  });
  await storage.transaction((trx) => insertConversation(trx, { ...conversation, clientId: null }));
  return { conversation, leaf: undefined };
}

/** What is said next in a conversation: by the person and the character in turn. */
export function nextMessage({ conversation, leaf }: Talk, newId: NewId): MessageNode {
  const isHuman = leaf?.author.kind === 'character';
  return {
    id: newId(),
    conversationId: conversation.id,
    parentId: leaf?.id ?? null,
    depth: leaf ? leaf.depth + 1 : 0,
    author: isHuman
      ? { kind: 'human', id: conversation.ownerId, name: 'Robin' }
      : { kind: 'character', id: conversation.characterId, name: 'Mira' },
    parts: [{ type: 'text', text: WORDS }],
    state: 'done',
    failure: null,
    editOf: null,
    clientId: isHuman ? newId() : null,
    activeChildId: null,
    hasReceipt: false,
    hidden: false,
    audience: 'everyone',
    manner: 'open',
    stageId: null,
    foreign: null,
    createdAt: systemClock.now(),
    deletedAt: null,
  };
}

/** Lets a conversation of the owner's grow until its path has so many messages. */
export async function growConversation(
  storage: Storage,
  { id, until, newId }: { id: string; until: number; newId: NewId },
): Promise<void> {
  const ownerId = (await findOwnerId(storage.db)) ?? '';
  const conversation = await readConversation(storage.db, { id, ownerId });
  if (!conversation) throw new Error('There is no such conversation.');
  const leaf = conversation.leafId === null ? undefined : await readMessage(storage.db, conversation.leafId);
  const talk: Talk = { conversation, leaf };
  await storage.transaction(async (trx) => {
    while ((talk.leaf?.depth ?? -1) + 1 < until) {
      talk.leaf = nextMessage(talk, newId);
      await appendToPath(trx, { conversation, nodes: [talk.leaf] });
    }
  });
}
