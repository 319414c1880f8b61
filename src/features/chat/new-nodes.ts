import type { Clock } from '../../base/clock.ts';
import type { NewId } from '../../base/ids.ts';
import { blankMessage } from '../../conversation/blank-message.ts';
import { audienceOfReply, audienceOn } from '../../conversation/stage.ts';
import { readStage } from '../../conversation/stage-store.ts';
import type { ConversationRecord, MessageNode } from '../../conversation/tree-types.ts';
import type { ParticipantRecord } from '../../conversation/participant-store.ts';
import type { Db } from '../../storage/storage.ts';
import type { Cast } from './cast.ts';
import { requireListeners } from './seat-rights.ts';

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
  async reply(
    db: Db,
    { conversation, parent, cast }: { conversation: ConversationRecord; parent: MessageNode | null; cast: Cast },
  ): Promise<MessageNode> {
    return {
      ...this.blank(conversation, parent),
      author: { kind: 'character', id: cast.character.id, name: cast.charName },
      parts: [],
      state: 'streaming',
      ...(await this.#heardReply(db, { parent, cast })),
    };
  }

  /** Who hears what a human says below `parent`: whoever is there and near, or `to` where it is whispered. */
  async heard(
    db: Db,
    {
      cast,
      parent,
      seat,
      to,
    }: { cast: Cast; parent: MessageNode | null; seat: ParticipantRecord; to?: readonly string[] | undefined },
  ): Promise<Partial<Pick<MessageNode, 'audience' | 'manner'>>> {
    if (cast.room === null && to === undefined) return {};
    const { participants } = cast;
    const stage = await readStage(db, { at: parent, participants });
    requireListeners(to, { present: stage.present, participants });
    return audienceOn(stage, { speakerId: seat.id, to });
  }

  async #heardReply(
    db: Db,
    { cast, parent }: { cast: Cast; parent: MessageNode | null },
  ): Promise<Partial<Pick<MessageNode, 'audience' | 'manner'>>> {
    const { room, speaker, participants } = cast;
    if (!speaker || (room === null && parent?.audience === 'everyone') || parent === null) return {};
    return audienceOfReply(await readStage(db, { at: parent, participants }), { speakerId: speaker.id, parent });
  }
}
