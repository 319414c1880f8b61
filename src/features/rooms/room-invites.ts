import { readHouseTitle } from '../../conversation/conversation-title-store.ts';
import { createHash } from 'node:crypto';
import type { RoomDoor, RoomInvite } from '../../../contract/rooms.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { SignedIn } from '../../accounts/front-door.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../base/errors.ts';
import { newSecret } from '../../base/ids.ts';
import { readCharacterVersion } from '../../character/character-store.ts';
import { findConversation } from '../../conversation/conversation-store.ts';
import { findSeat, listParticipants } from '../../conversation/participant-store.ts';
import {
  findInvite,
  findOpenInvite,
  insertRoomInvite,
  listOpenInvites,
  revokeInvite,
  takeInvite,
  type RoomInviteRow,
} from '../../conversation/room-invite-store.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import type { Trx } from '../../storage/storage.ts';
import type { Rooms } from './rooms.ts';
import type { RoomsContext } from './rooms-context.ts';
import { freeSeatName, plainSeatName } from '../../conversation/seat-name.ts';

/** As long as an invitation to the house. */
const DURATION_IN_MS = 7 * 24 * 60 * 60_000;
const MOST_OPEN = 100;

export interface Entered {
  conversationId: string;
  /** For those who came without an account: the session of the guest they are now. */
  signedIn: SignedIn | null;
}

/** Links by which humans come into a room. Their secrets are kept as hashes. */
export class RoomInvites {
  readonly #context: RoomsContext;
  readonly #rooms: Rooms;

  constructor(context: RoomsContext, rooms: Rooms) {
    this.#context = context;
    this.#rooms = rooms;
  }

  /** `token` is known here once and never again. */
  async create(
    actor: Actor,
    id: string,
    { note, uses }: { note: string; uses: number },
  ): Promise<{ invite: RoomInvite; token: string }> {
    const { storage, conversations, clock, newId } = this.#context;
    await conversations.require(actor, id);
    const now = clock.now();
    if ((await listOpenInvites(storage.db, { conversationId: id, now })).length >= MOST_OPEN) {
      throw new ConflictError('There are too many open invitations. Revoke some of them.', {
        code: 'too-many-invitations',
      });
    }
    const token = newSecret();
    const invite: RoomInviteRow = {
      id: newId(),
      conversationId: id,
      hash: hashOf(token),
      createdBy: actor.userId,
      note,
      usesLeft: uses,
      createdAt: now,
      expiresAt: now + DURATION_IN_MS,
      revokedAt: null,
    };
    await storage.transaction((trx) => insertRoomInvite(trx, invite));
    return { invite: present(invite), token };
  }

  async list(actor: Actor, id: string): Promise<RoomInvite[]> {
    const { storage, conversations, clock } = this.#context;
    await conversations.require(actor, id);
    return (await listOpenInvites(storage.db, { conversationId: id, now: clock.now() })).map(present);
  }

  async revoke(actor: Actor, { id, inviteId }: { id: string; inviteId: string }): Promise<void> {
    const { storage, conversations, clock } = this.#context;
    await conversations.require(actor, id);
    const key = { id: inviteId, conversationId: id, now: clock.now() };
    if (await storage.transaction((trx) => revokeInvite(trx, key))) return;
    throw new NotFoundError('There is no such invitation.', { field: 'inviteId' });
  }

  /** What stands behind a link, for whoever holds it. */
  async look(visitor: Actor | null, token: string): Promise<RoomDoor> {
    const { storage, nameOf } = this.#context;
    const { conversation, isOpen } = await this.#find(token);
    const joined = visitor && (await this.#isJoined(visitor, conversation));
    if (!isOpen && !joined) throw invalid();
    const participants = await listParticipants(storage.db, conversation.id);
    const there = participants.filter(({ leftAt }) => leftAt === null);
    const host = participants.find(({ role }) => role === 'host');
    const lead = await readCharacterVersion(storage.db, conversation.characterVersionId);
    // A title of the house's tells of what was said, which nobody behind the door has heard.
    const given = await readHouseTitle(storage.db, conversation.id);
    const title = conversation.title === given?.title ? null : conversation.title;
    return {
      title: title ?? lead?.version.card.data.name ?? '',
      hostName: host?.name ?? (await nameOf(conversation.ownerId)),
      names: there.filter(({ role }) => role !== 'host').map(({ name }) => name),
      pictureUrl: lead?.version.pictureHash ? `/api/rooms/door/${token}/picture` : null,
      signedIn: visitor !== null,
      conversationId: joined ? conversation.id : null,
    };
  }

  /** The picture of the character that the conversation began with. */
  async picture(token: string): Promise<string> {
    const { conversation, isOpen } = await this.#find(token);
    const lead = await readCharacterVersion(this.#context.storage.db, conversation.characterVersionId);
    const hash = lead?.version.pictureHash;
    if (!isOpen || !hash) throw invalid();
    return hash;
  }

  /** Whoever is signed in joins; whoever is not becomes a guest of the house with the name they give. */
  async enter(
    visitor: Actor | null,
    { token, name, userAgent }: { token: string; name: string | undefined; userAgent: string },
  ): Promise<Entered> {
    const { conversation, isOpen } = await this.#find(token);
    if (visitor && (await this.#isJoined(visitor, conversation))) {
      return { conversationId: conversation.id, signedIn: null };
    }
    if (!isOpen) throw invalid();
    const called = await this.#nameFor(visitor, name);
    const { node, userId } = await this.#rooms.atEnd(conversation, async (trx, path) => {
      await this.#consume(trx, token);
      const free = freeSeatName(called, path.participants);
      const userId = visitor?.userId ?? (await this.#context.guests.add(trx, { name: free }));
      return { node: await this.#rooms.admit(trx, path, { userId, name: free }), userId };
    });
    const signedIn = visitor ? null : await this.#context.guests.signIn({ userId, userAgent });
    await this.#context.conversations.tell(node);
    await this.#context.conversations.tellChange(conversation);
    return { conversationId: conversation.id, signedIn };
  }

  async #consume(trx: Trx, token: string): Promise<void> {
    if (!(await takeInvite(trx, { hash: hashOf(token), now: this.#context.clock.now() }))) throw invalid();
  }

  async #nameFor(visitor: Actor | null, name: string | undefined): Promise<string> {
    const given = name ?? (visitor ? await this.#context.nameOf(visitor.userId) : '');
    if (given.trim() === '') {
      throw new InvalidInputError('Say what you want to be called here.', { code: 'name-needed', field: 'name' });
    }
    return plainSeatName(given);
  }

  async #isJoined({ userId }: Actor, { id, ownerId }: ConversationRecord): Promise<boolean> {
    if (ownerId === userId) return true;
    return (await findSeat(this.#context.storage.db, { conversationId: id, userId })) !== undefined;
  }

  /** Unknown, revoked, used up and expired look the same to those outside. */
  async #find(token: string): Promise<{ conversation: ConversationRecord; isOpen: boolean }> {
    const { storage, clock } = this.#context;
    const hash = hashOf(token);
    const invite = await findInvite(storage.db, hash);
    const conversation = invite && (await findConversation(storage.db, invite.conversationId));
    if (!conversation || conversation.deletedAt !== null) throw invalid();
    return { conversation, isOpen: (await findOpenInvite(storage.db, { hash, now: clock.now() })) !== undefined };
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function present({ id, note, createdAt, expiresAt, usesLeft }: RoomInviteRow): RoomInvite {
  return { id, note, createdAt, expiresAt, usesLeft };
}

function invalid(): NotFoundError {
  return new NotFoundError(
    'This invitation was used already, taken back, or is older than a week. Ask for a new one.',
    {
      code: 'invitation-invalid',
    },
  );
}
