import type { Clock } from '../../base/clock.ts';
import type { NewId } from '../../base/ids.ts';
import { blankMessage } from '../../conversation/blank-message.ts';
import type { ConversationRecord, MessageNode } from '../../conversation/tree-types.ts';
import type { Cast } from './cast.ts';

/** Makes nodes that are about to join a conversation's tree. */
export class NewNodes {
  readonly #clock: Clock;
  readonly #newId: NewId;

  constructor({ clock, newId }: { clock: Clock; newId: NewId }) {
    this.#clock = clock;
    this.#newId = newId;
  }

  blank(conversation: ConversationRecord, parent: MessageNode | null): Omit<MessageNode, 'author' | 'parts'> {
    return blankMessage({
      id: this.#newId(),
      conversationId: conversation.id,
      parent,
      createdAt: this.#clock.now(),
    });
  }

  /** A reply of the character before its first word. */
  reply(conversation: ConversationRecord, { parent, cast }: { parent: MessageNode | null; cast: Cast }): MessageNode {
    return {
      ...this.blank(conversation, parent),
      author: { kind: 'character', id: cast.character.id, name: cast.charName },
      parts: [],
      state: 'streaming',
    };
  }
}
