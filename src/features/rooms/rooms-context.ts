import type { Conversation } from '../../../contract/conversations.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { SignedIn } from '../../accounts/front-door.ts';
import type { Clock } from '../../base/clock.ts';
import type { NewId } from '../../base/ids.ts';
import type { LiveReplies } from '../../conversation/live-replies.ts';
import type { RoomPresence } from '../../conversation/room-presence.ts';
import type { Seat } from '../../conversation/seat.ts';
import type { ConversationRecord, MessageNode } from '../../conversation/tree-types.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { Storage, Trx } from '../../storage/storage.ts';

/** Conversations as rooms need them; the chat feature satisfies it. */
export interface RoomConversations {
  require(actor: Actor, id: string): Promise<ConversationRecord>;
  requireSeat(actor: Actor, id: string): Promise<Seat>;
  read(actor: Actor, id: string): Promise<Conversation>;
  announce(actor: Actor, id: string): Promise<Conversation>;
  /** Tells those who watch how it stands, where nobody of it asked. */
  tellChange(conversation: Pick<ConversationRecord, 'id' | 'ownerId'>): Promise<void>;
  /** Tells those who watch of a message that was kept. */
  tell(node: MessageNode): Promise<void>;
}

/** Accounts of those who come by a link and have none; `accounts` satisfies it. */
export interface GuestAccounts {
  /** Makes an account that reaches nothing but the rooms it was let into. Returns its user id. */
  add(trx: Trx, guest: { name: string }): Promise<string>;
  signIn(guest: { userId: string; userAgent: string }): Promise<SignedIn>;
}

export interface RoomsContext {
  storage: Storage;
  events: EventWriter;
  live: LiveReplies;
  presence: RoomPresence;
  conversations: RoomConversations;
  guests: GuestAccounts;
  nameOf(userId: string): Promise<string>;
  clock: Clock;
  newId: NewId;
}
