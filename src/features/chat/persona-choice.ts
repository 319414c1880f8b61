import { localeSchema } from '../../../contract/common.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import { readPersona } from '../../character/persona-store.ts';
import { changeConversation } from '../../conversation/conversation-store.ts';
import { changeParticipant, listParticipants, renameParticipant } from '../../conversation/participant-store.ts';
import { isHost, type Seat } from '../../conversation/seat.ts';
import { freeSeatName, plainSeatName } from '../../conversation/seat-name.ts';
import { listUnansweredGreetings, renameAuthor, rewriteGreeting } from '../../conversation/message-store.ts';
import { textOf, type ConversationRecord, type MessageNode } from '../../conversation/tree-types.ts';
import type { Trx } from '../../storage/storage.ts';
import { readCast, readPerson, type Cast } from './cast.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';
import { greetingText } from './greeting-text.ts';
import { presentMessages } from './present-message.ts';

/** Who the person is in a conversation from now on and, when asked, in what they said there before. */
export class PersonaChoice {
  readonly #context: ChatContext;
  readonly #conversations: Conversations;

  constructor(context: ChatContext, conversations: Conversations) {
    this.#context = context;
    this.#conversations = conversations;
  }

  /** Null goes back to the rule: the character's persona, then the default. Guests choose among their own. */
  async choose(
    actor: Actor,
    conversationId: string,
    { personaId, renamePast }: { personaId: string | null; renamePast: boolean },
  ): Promise<Conversation> {
    const { storage, events } = this.#context;
    const seat = await this.#conversations.requireSeat(actor, conversationId);
    const before = seat.conversation;
    const { userId } = actor;
    if (personaId !== null && !(await readPersona(storage.db, { id: personaId, ownerId: userId }))) {
      throw new NotFoundError('There is no such persona.', { field: 'personaId' });
    }
    if (!isHost(seat.seat)) return this.#chooseAsGuest(actor, seat, { personaId, renamePast });
    const [was, becomes] = await Promise.all([
      readCast(this.#context, before),
      readCast(this.#context, { ...before, personaId }),
    ]);
    const name = becomes.userName;
    const greeted = await storage.transaction(async (trx) => {
      await changeConversation(trx, { id: conversationId, ownerId: userId, change: { personaId } });
      await renameParticipant(trx, { conversationId, subjectId: userId, name });
      if (renamePast) await renameAuthor(trx, { conversationId, authorId: userId, name });
      const payload = { personaId, renamePast };
      await events.append(trx, { type: 'persona-choose', actorId: userId, subjectId: conversationId, payload });
      return this.#greetAgain(trx, { conversation: before, was, becomes });
    });
    const { live } = this.#context;
    if (renamePast) live.publish(conversationId, { type: 'author-rename', authorId: userId, name });
    for (const message of await presentMessages(storage.db, greeted)) {
      live.publish(conversationId, { type: 'message-change', message });
    }
    return this.#conversations.announce(actor, conversationId);
  }

  /** The place in the room tells who sits there; the name is one that nobody else there has. */
  async #chooseAsGuest(
    actor: Actor,
    { conversation, seat }: Seat,
    { personaId, renamePast }: { personaId: string | null; renamePast: boolean },
  ): Promise<Conversation> {
    const { storage, events, live } = this.#context;
    const { id: conversationId, characterId } = conversation;
    const { userId } = actor;
    const locale = localeSchema.parse(conversation.locale);
    const { userName, persona } = await readPerson(this.#context, { ownerId: userId, personaId, characterId, locale });
    const name = await storage.transaction(async (trx) => {
      const others = (await listParticipants(trx, conversationId)).filter(({ id }) => id !== seat.id);
      const free = freeSeatName(plainSeatName(userName), others);
      await changeParticipant(trx, { id: seat.id, change: { name: free, personaId: persona?.id ?? null } });
      if (renamePast) await renameAuthor(trx, { conversationId, authorId: userId, name: free });
      const payload = { personaId, renamePast };
      await events.append(trx, { type: 'persona-choose', actorId: userId, subjectId: conversationId, payload });
      return free;
    });
    if (renamePast) live.publish(conversationId, { type: 'author-rename', authorId: userId, name });
    return this.#conversations.announce(actor, conversationId);
  }

  /** A greeting that nobody has answered speaks to whom it meets now; one that was edited stays as it is. */
  async #greetAgain(
    trx: Trx,
    { conversation, was, becomes }: { conversation: ConversationRecord; was: Cast; becomes: Cast },
  ): Promise<MessageNode[]> {
    if (was.userName === becomes.userName) return [];
    const { id: conversationId, locale, createdAt: now } = conversation;
    const textsFor = ({ card, userName }: Cast) =>
      card.greetings.map((greeting) => greetingText(greeting, { card, conversationId, userName, locale, now }));
    const [old, fresh] = [textsFor(was), textsFor(becomes)];
    const changed: MessageNode[] = [];
    for (const node of await listUnansweredGreetings(trx, conversation.id)) {
      const text = fresh[old.indexOf(textOf(node.parts))];
      if (text === undefined || text === textOf(node.parts)) continue;
      const said: MessageNode = { ...node, parts: [{ type: 'text', text }] };
      await rewriteGreeting(trx, said);
      if (node.deletedAt === null) {
        await this.#context.search.put(trx, { id: node.id, conversationId: conversation.id, text });
      }
      changed.push(said);
    }
    return changed;
  }
}
