import type { Conversation } from '../../../contract/conversations.ts';
import { localeSchema } from '../../../contract/common.ts';
import { roomSettingsSchema, type UpdateParticipant, type UpdateRoom } from '../../../contract/rooms.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, NotFoundError } from '../../base/errors.ts';
import { localizeCard } from '../../character/card.ts';
import { talkativenessOf } from '../../character/card-fields.ts';
import { readCharacter, type CharacterRecord } from '../../character/character-store.ts';
import { changeConversation } from '../../conversation/conversation-store.ts';
import {
  changeParticipant,
  endGuestSeats,
  insertParticipant,
  listParticipants,
  type NewParticipant,
  type ParticipantRecord,
} from '../../conversation/participant-store.ts';
import { isHost } from '../../conversation/seat.ts';
import type { ConversationRecord, MessageNode } from '../../conversation/tree-types.ts';
import { withdrawHouseTitle } from '../../conversation/conversation-title-store.ts';
import type { Trx } from '../../storage/storage.ts';
import { hostStays, isOtherCharacter, parseRoom, requireOf, requireThere } from './room-rules.ts';
import { RoomPaths, type Happening, type RoomPath } from './room-path.ts';
import type { RoomsContext } from './rooms-context.ts';

/** Everybody who ever was in a room; audiences name them by id. */
const MOST_PARTICIPANTS = 200;

/** Who belongs to a room, who is there, and behind which door. All of it is the host's to say, but for leaving. */
export class Rooms {
  readonly #context: RoomsContext;
  readonly #paths: RoomPaths;

  constructor(context: RoomsContext) {
    this.#context = context;
    this.#paths = new RoomPaths(context);
  }

  /** Changes how a room goes; a conversation that was none becomes one. */
  async update(actor: Actor, id: string, change: UpdateRoom): Promise<Conversation> {
    const { storage, conversations } = this.#context;
    const { ownerId } = await conversations.require(actor, id);
    await storage.transaction(async (trx) => {
      const { room } = await conversations.require(actor, id);
      const settings = roomSettingsSchema.parse({ ...parseRoom(room), ...change });
      await changeConversation(trx, { id, ownerId, change: { room: JSON.stringify(settings) } });
    });
    return conversations.announce(actor, id);
  }

  /** A character comes in, in its newest version. It hears what is said from then on. */
  async add(actor: Actor, id: string, { characterId }: { characterId: string }): Promise<Conversation> {
    const { storage, conversations } = this.#context;
    const conversation = await conversations.require(actor, id);
    const character = await readCharacter(storage.db, { id: characterId, userId: actor.userId });
    if (!character || character.deletedAt !== null) {
      throw new NotFoundError('There is no such character.', { field: 'characterId' });
    }
    const node = await this.#paths.atEnd(conversation, async (trx, path) => {
      const seat = await this.#seatCharacter(trx, path, character);
      return this.#enter(trx, path, { actor, seat });
    });
    return this.#told(actor, id, node);
  }

  /**
   * Lets a human in, within the transaction that found that they may. Somebody who was there before gets their old
   * place, and with it what they heard.
   */
  async admit(
    trx: Trx,
    path: RoomPath,
    { userId, name, personaId = null }: { userId: string; name: string; personaId?: string | null },
  ): Promise<MessageNode> {
    const before = path.participants.find(({ kind, subjectId }) => kind === 'human' && subjectId === userId);
    const seat = before
      ? await this.#back(trx, before)
      : await this.#insert(trx, path, { kind: 'human', subjectId: userId, name, role: 'guest', personaId });
    return this.#enter(trx, path, { actor: { userId }, seat });
  }

  /** At the end of the path of a conversation, to let somebody in there. */
  atEnd<T>(
    conversation: Pick<ConversationRecord, 'id' | 'ownerId'>,
    work: (trx: Trx, path: RoomPath) => Promise<T>,
  ): Promise<T> {
    return this.#paths.atEnd(conversation, work);
  }

  async change(
    actor: Actor,
    { id, participantId, change }: { id: string; participantId: string; change: UpdateParticipant },
  ): Promise<Conversation> {
    const { storage, conversations } = this.#context;
    await conversations.require(actor, id);
    await storage.transaction(async (trx) => {
      const participants = await listParticipants(trx, id);
      const one = requireOf(participants, participantId);
      const { position, muted, talkativeness } = change;
      await changeParticipant(trx, {
        id: one.id,
        change: {
          ...(muted === undefined ? {} : { muted }),
          ...(talkativeness === undefined ? {} : { talkativeness }),
        },
      });
      if (position === undefined) return;
      const others = participants.filter(({ id: other }) => other !== one.id);
      for (const [index, { id: each }] of others.toSpliced(position, 0, one).entries()) {
        await changeParticipant(trx, { id: each, change: { position: index } });
      }
    });
    return conversations.announce(actor, id);
  }

  /** Somebody who belongs to the room leaves the scene, or comes back to it. */
  async move(
    actor: Actor,
    { id, participantId, present }: { id: string; participantId: string; present: boolean },
  ): Promise<Conversation> {
    const conversation = await this.#context.conversations.require(actor, id);
    const node = await this.#paths.atEnd(conversation, async (trx, path) => {
      const seat = requireOf(path.participants, participantId);
      if (participantId in path.stage.present === present) return null;
      return present ? this.#enter(trx, path, { actor, seat }) : this.#exit(trx, path, { actor, seat });
    });
    return this.#told(actor, id, node);
  }

  /** Those named go behind a door of their own; without a name for it they come out again. */
  async door(
    actor: Actor,
    { id, participantIds, door }: { id: string; participantIds: readonly string[]; door: string },
  ): Promise<Conversation> {
    const conversation = await this.#context.conversations.require(actor, id);
    const name = door.replace(/\s+/g, ' ').trim();
    const node = await this.#paths.atEnd(conversation, async (trx, path) => {
      const named = [...new Set(participantIds)].map((one) => requireOf(path.participants, one, 'participantIds'));
      for (const seat of named) requireThere(seat, path.stage.present);
      const who = named.filter((seat) => path.stage.present[seat.id] !== name);
      if (who.length === 0) return null;
      const behind = Object.fromEntries(who.map((seat) => [seat.id, name]));
      const from = path.stage.present[who[0]?.id ?? ''] ?? '';
      return this.#happen(trx, path, {
        actor,
        happening: {
          event: name === '' ? 'door-open' : 'door-close',
          who,
          detail: name === '' ? from : name,
          change: (present) => ({ ...present, ...behind }),
        },
      });
    });
    return this.#told(actor, id, node);
  }

  /** For good: the words stay, and a new invitation gives the old place back. */
  async remove(actor: Actor, { id, participantId }: { id: string; participantId: string }): Promise<Conversation> {
    const conversation = await this.#context.conversations.require(actor, id);
    const node = await this.#paths.atEnd(conversation, async (trx, path) => {
      const seat = requireOf(path.participants, participantId);
      if (isHost(seat)) throw hostStays();
      if (seat.kind === 'character' && !path.participants.some((one) => isOtherCharacter(one, seat))) {
        throw new ConflictError('The last character cannot be sent away: bring another one first.', {
          code: 'last-character',
        });
      }
      return this.#leave(trx, path, { actor, seat });
    });
    return this.#told(actor, id, node);
  }

  /** A guest goes and is no longer part of it. */
  async leave(actor: Actor, id: string): Promise<void> {
    const { conversations } = this.#context;
    const { conversation, seat } = await conversations.requireSeat(actor, id);
    if (isHost(seat)) throw hostStays();
    const node = await this.#paths.atEnd(conversation, (trx, path) => this.#leave(trx, path, { actor, seat }));
    if (node) await conversations.tell(node);
    // Whoever left cannot look any more.
    await conversations.tellChange(conversation);
  }

  /** Ends a person's places as a guest everywhere, without a word in the stories: they are gone from the house. */
  async leaveAll(userId: string): Promise<void> {
    const { storage, clock } = this.#context;
    await storage.transaction((trx) => endGuestSeats(trx, { userId, now: clock.now() }));
  }

  async type(actor: Actor, id: string, typing: boolean): Promise<void> {
    const { conversations, presence } = this.#context;
    const { seat } = await conversations.requireSeat(actor, id);
    presence.type({ conversationId: id, participantId: seat.id, typing });
  }

  async #seatCharacter(trx: Trx, path: RoomPath, character: CharacterRecord): Promise<ParticipantRecord> {
    const isIt = ({ kind, subjectId }: ParticipantRecord) => kind === 'character' && subjectId === character.id;
    const before = path.participants.find(isIt);
    if (before && before.leftAt === null) {
      throw new ConflictError(`${before.name} is already part of this conversation.`, {
        code: 'already-there',
        field: 'characterId',
      });
    }
    if (before) return this.#back(trx, before);
    const { version } = character;
    return this.#insert(trx, path, {
      kind: 'character',
      subjectId: character.id,
      name: localizeCard(version.card, localeSchema.parse(path.conversation.locale)).name,
      characterVersionId: version.id,
      talkativeness: talkativenessOf(version.card),
    });
  }

  async #insert(
    trx: Trx,
    { conversation, participants }: RoomPath,
    one: Omit<NewParticipant, 'id' | 'conversationId' | 'createdAt' | 'fromStart' | 'position'>,
  ): Promise<ParticipantRecord> {
    if (participants.length >= MOST_PARTICIPANTS) {
      throw new ConflictError(
        `A room holds ${MOST_PARTICIPANTS} people and characters in its life; this one is full.`,
        {
          code: 'room-full',
        },
      );
    }
    const { newId, clock } = this.#context;
    const id = newId();
    const position = Math.max(0, ...participants.map((each) => each.position + 1));
    const seat = { ...one, id, conversationId: conversation.id, createdAt: clock.now(), fromStart: false, position };
    await insertParticipant(trx, seat);
    // It may tell of what was said before they came.
    if (one.kind === 'human') await withdrawHouseTitle(trx, conversation.id);
    return requireOf(await listParticipants(trx, conversation.id), id);
  }

  async #back(trx: Trx, seat: ParticipantRecord): Promise<ParticipantRecord> {
    await changeParticipant(trx, { id: seat.id, change: { leftAt: null } });
    if (seat.kind === 'human') await withdrawHouseTitle(trx, seat.conversationId);
    return { ...seat, leftAt: null };
  }

  /** A conversation of two becomes a room the first time that anybody comes, goes or closes a door. */
  async #makeRoom(trx: Trx, { conversation }: RoomPath): Promise<void> {
    if (conversation.room !== null) return;
    const { id, ownerId } = conversation;
    await changeConversation(trx, { id, ownerId, change: { room: JSON.stringify(roomSettingsSchema.parse({})) } });
  }

  #enter(
    trx: Trx,
    path: RoomPath,
    { actor, seat }: { actor: Pick<Actor, 'userId'>; seat: ParticipantRecord },
  ): Promise<MessageNode> {
    const happening: Happening = { event: 'enter', who: [seat], change: (there) => ({ ...there, [seat.id]: '' }) };
    return this.#happen(trx, path, { actor, happening });
  }

  #exit(
    trx: Trx,
    path: RoomPath,
    { actor, seat }: { actor: Pick<Actor, 'userId'>; seat: ParticipantRecord },
  ): Promise<MessageNode> {
    const change = ({ [seat.id]: _gone, ...there }: Record<string, string>) => there;
    return this.#happen(trx, path, { actor, happening: { event: 'leave', who: [seat], change } });
  }

  /** Null where they were off the scene already: nobody sees them go. */
  async #leave(
    trx: Trx,
    path: RoomPath,
    { actor, seat }: { actor: Pick<Actor, 'userId'>; seat: ParticipantRecord },
  ): Promise<MessageNode | null> {
    await changeParticipant(trx, { id: seat.id, change: { leftAt: this.#context.clock.now() } });
    if (!(seat.id in path.stage.present)) return null;
    return this.#exit(trx, path, { actor, seat });
  }

  async #happen(
    trx: Trx,
    path: RoomPath,
    { actor, happening }: { actor: Pick<Actor, 'userId'>; happening: Happening },
  ): Promise<MessageNode> {
    await this.#makeRoom(trx, path);
    return this.#paths.append(trx, path, { actorId: actor.userId, happening });
  }

  async #told(actor: Actor, id: string, node: MessageNode | null): Promise<Conversation> {
    const { conversations } = this.#context;
    if (node) await conversations.tell(node);
    return conversations.announce(actor, id);
  }
}
