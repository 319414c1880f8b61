import { lorebookBodySchema, type LorebookBody } from '../../contract/lore.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { NewId } from '../../src/base/ids.ts';
import { localizeCard } from '../../src/character/card.ts';
import { readCharacterVersion } from '../../src/character/character-store.ts';
import { linkLorebook } from '../../src/character/lorebook-link-store.ts';
import { insertLorebook } from '../../src/character/lorebook-store.ts';
import { changeConversation } from '../../src/conversation/conversation-store.ts';
import { appendToPath } from '../../src/conversation/conversation-tree.ts';
import type { MessageNode } from '../../src/conversation/tree-types.ts';
import type { Storage } from '../../src/storage/storage.ts';
import type { TurnRequest } from '../../src/turn/turn-request.ts';
import { nextMessage, type Talk } from '../storage/seed-conversation.ts';

const PLACES = ['harbour', 'mill', 'orchard', 'quarry', 'chapel', 'market', 'bridge', 'lighthouse', 'tannery', 'inn'];

/** A book whose entries wake on numbered places, some at a depth; one entry is always there. */
export function placesBook(entries: number): LorebookBody {
  return lorebookBodySchema.parse({
    name: 'Places',
    mode: 'st',
    entries: [
      { uid: 'always', constant: true, content: 'The year is 1912 and the coal strike has lasted nine weeks.' },
      ...Array.from({ length: entries - 1 }, (_, index) => ({
        uid: String(index),
        keys: [placeName(index), `keeper of ${placeName(index)}`],
        content: `The ${placeName(index)} stands ${index} paces from the river; its owner, number ${index} on the roll, has kept goats there since the flood and lends his ladder to nobody, not even to the priest.`,
        order: 50 + (index % 90),
        position: index % 3 === 0 ? 'at-depth' : index % 3 === 1 ? 'before-char' : 'after-char',
        depth: 4,
      })),
    ],
  });
}

export function placeName(index: number): string {
  return `${PLACES[index % PLACES.length] ?? ''} ${index}`;
}

/** Gives a conversation a book and an author's note. */
export async function furnish(
  storage: Storage,
  { talk, book, newId }: { talk: Talk; book: LorebookBody; newId: NewId },
): Promise<void> {
  const { id, ownerId } = talk.conversation;
  const lorebookId = newId();
  const note = JSON.stringify({ text: 'Keep the weather in mind.', depth: 4, role: 'system', interval: 1 });
  await storage.transaction(async (trx) => {
    await insertLorebook(trx, { id: lorebookId, ownerId, body: book, now: systemClock.now() });
    const target = { kind: 'conversation' as const, id };
    await linkLorebook(trx, { lorebookId, ownerId, target, now: systemClock.now() });
    await changeConversation(trx, { id, ownerId, change: { authorsNote: note } });
  });
  talk.conversation = { ...talk.conversation, authorsNote: note };
}

/** The next message of the path, with these words. */
export async function say(
  storage: Storage,
  { talk, text, newId }: { talk: Talk; text: string; newId: NewId },
): Promise<MessageNode> {
  const node: MessageNode = { ...nextMessage(talk, newId), parts: [{ type: 'text', text }] };
  await storage.transaction((trx) => appendToPath(trx, { conversation: talk.conversation, nodes: [node] }));
  talk.leaf = node;
  return node;
}

/** A reply asked for at the end of a talk, under a preset. */
export async function turnAt(
  storage: Storage,
  { talk, presetId, signal }: { talk: Talk; presetId: string | null; signal: AbortSignal },
): Promise<TurnRequest> {
  const character = await readCharacterVersion(storage.db, talk.conversation.characterVersionId);
  if (!character) throw new Error('The character is missing.');
  return {
    conversation: { ...talk.conversation, promptPresetId: presetId },
    character,
    card: localizeCard(character.version.card, 'en'),
    locale: 'en',
    userName: 'Robin',
    persona: null,
    room: null,
    endId: talk.leaf?.id ?? null,
    continueText: null,
    trigger: 'normal',
    seed: talk.leaf?.id ?? '',
    signal,
  };
}
