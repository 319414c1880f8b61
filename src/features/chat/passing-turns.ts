import { createHash } from 'node:crypto';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import { localizeCard } from '../../character/card.ts';
import { readCharacter, readCharacterVersion, type CharacterRecord } from '../../character/character-store.ts';
import { blankMessage } from '../../conversation/blank-message.ts';
import type { ConversationRecord, MessageNode } from '../../conversation/tree-types.ts';
import type { PlannedCall } from '../../turn/run-turn.ts';
import { PassingPictures } from './passing-pictures.ts';
import { blankConversation } from './blank-conversation.ts';
import { readPerson } from './cast.ts';
import type { ChatContext } from './chat-context.ts';

/** What one of the two said, with the pictures that came with it. */
export interface PassingWords {
  by: 'human' | 'character';
  text: string;
  pictures: readonly Buffer[];
}

/** A talk as somebody else keeps it, and whose reply is asked for. */
export interface PassingTalk {
  characterId: string;
  /** Absent = the newest. */
  versionId?: string | undefined;
  said: readonly PassingWords[];
  /** What is added to the character for this reply; empty = nothing. */
  note: string;
  signal: AbortSignal;
}

/** Replies to talks of which this house keeps nothing: card, lore and persona apply, memory does not. */
export class PassingTurns {
  readonly #context: ChatContext;

  constructor(context: ChatContext) {
    this.#context = context;
  }

  /** The same talk gives the same prompt, so that an engine goes on from what it knows. */
  async plan(actor: Actor, talk: PassingTalk): Promise<PlannedCall> {
    const { people, turns, clock } = this.#context;
    const character = await this.#readCharacter(actor, talk);
    const locale = (await people.localeOf(actor.userId)) ?? 'en';
    const card = localizeCard(character.version.card, locale);
    const id = `passing:${actor.userId}:${character.version.id}`;
    const conversation: ConversationRecord = {
      ...blankConversation({ id, ownerId: actor.userId, character, locale, now: clock.now() }),
      memory: 'private',
    };
    const { userName, persona } = await readPerson(this.#context, {
      ownerId: actor.userId,
      personaId: null,
      characterId: character.id,
      locale,
    });
    const names = { human: { id: actor.userId, name: userName }, character: { id: character.id, name: card.name } };
    const pictures = new PassingPictures();
    const pending = await nodesOf(talk, { conversation, names, pictures });
    return turns.plan({
      conversation,
      character,
      card,
      locale,
      userName,
      persona,
      room: null,
      endId: null,
      pending,
      passing: { pictures },
      commission: { note: talk.note, wishes: {} },
      continueText: null,
      trigger: 'normal',
      seed: pending.at(-1)?.id ?? id,
      signal: talk.signal,
    });
  }

  async #readCharacter({ userId }: Actor, { characterId: id, versionId }: PassingTalk): Promise<CharacterRecord> {
    const { db } = this.#context.storage;
    const newest = await readCharacter(db, { id, userId });
    const asked = newest && versionId !== undefined ? await readCharacterVersion(db, versionId) : newest;
    if (!newest || newest.deletedAt !== null || asked?.id !== id) {
      throw new NotFoundError('There is no such character.', { field: 'model' });
    }
    return asked;
  }
}

/** Ids follow from the words, so that the same beginning is known again. */
async function nodesOf(
  { said }: PassingTalk,
  {
    conversation,
    names,
    pictures,
  }: {
    conversation: ConversationRecord;
    names: Record<'human' | 'character', { id: string; name: string }>;
    pictures: PassingPictures;
  },
): Promise<MessageNode[]> {
  const nodes: MessageNode[] = [];
  for (const { by, text, pictures: brought } of said) {
    const shown = await Promise.all(brought.map((bytes) => pictures.add(bytes)));
    const parent = nodes.at(-1) ?? null;
    const id = createHash('sha256')
      .update(
        JSON.stringify([conversation.id, parent?.id ?? null, by, text, ...shown.map((part) => part.attachmentId)]),
      )
      .digest('hex');
    nodes.push({
      ...blankMessage({ id, conversationId: conversation.id, parent, createdAt: conversation.createdAt }),
      author: { kind: by, ...names[by] },
      parts: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...shown],
    });
  }
  return nodes;
}
