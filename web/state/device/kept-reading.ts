import type { KeptConversation } from '../../../client/conversation-state.ts';
import type { Me } from '../../../contract/accounts.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import type { Message } from '../../../contract/messages.ts';
import { openDeviceDatabase, type DeviceDatabase } from './device-database.ts';

/** Conversations that are kept: the newest. */
export const MOST_KEPT = 20;
/** Messages of each, from the end of its path. */
export const KEPT_MESSAGES = 200;

export interface KeptPerson {
  me: Me;
  /** Epoch milliseconds. */
  keptAt: number;
}

/** Recent conversations of one person on this device. A conversation marked private is never kept. */
export class KeptReading {
  readonly #userId: string;
  readonly #now: () => number;
  #database: Promise<DeviceDatabase> | null = null;

  constructor(userId: string, now: () => number = Date.now) {
    this.#userId = userId;
    this.#now = now;
  }

  async keepPerson(me: Me): Promise<void> {
    await (await this.#open()).put('person', { me, keptAt: this.#now() }, 'me');
  }

  async readPerson(): Promise<KeptPerson | null> {
    return (await (await this.#open()).get('person', 'me')) ?? null;
  }

  /** Newest first, as the list shows them. */
  async list(): Promise<Conversation[]> {
    const kept = await (await this.#open()).getAll('conversations');
    return kept.map(({ conversation }) => conversation).toSorted((one, other) => other.updatedAt - one.updatedAt);
  }

  async read(conversationId: string): Promise<KeptConversation | null> {
    return (await (await this.#open()).get('conversations', conversationId)) ?? null;
  }

  async keep(conversation: Conversation, messages: readonly Message[]): Promise<void> {
    const { id } = conversation;
    if (conversation.memory === 'private') return this.remove(id);
    const value = { id, conversation, messages: messages.slice(-KEPT_MESSAGES), keptAt: this.#now() };
    const transaction = (await this.#open()).transaction('conversations', 'readwrite');
    await transaction.store.put(value);
    const all = await transaction.store.getAll();
    const tooMany = all.toSorted((one, other) => other.conversation.updatedAt - one.conversation.updatedAt);
    for (const old of tooMany.slice(MOST_KEPT)) await transaction.store.delete(old.id);
    await transaction.done;
  }

  async remove(conversationId: string): Promise<void> {
    await (await this.#open()).delete('conversations', conversationId);
  }

  /**
   * Brings what is kept in line with the newest page of the list: what is not in it is gone or older. Returns those
   * whose words have to be read again.
   */
  async align(newest: readonly Conversation[]): Promise<Conversation[]> {
    const wanted = newest.filter(({ memory }) => memory !== 'private').slice(0, MOST_KEPT);
    const ids = new Set(wanted.map(({ id }) => id));
    const transaction = (await this.#open()).transaction('conversations', 'readwrite');
    const kept = new Map((await transaction.store.getAll()).map((one) => [one.id, one]));
    for (const id of kept.keys()) if (!ids.has(id)) await transaction.store.delete(id);
    await transaction.done;
    return wanted.filter((one) => {
      const before = kept.get(one.id)?.conversation;
      return before?.updatedAt !== one.updatedAt || before.revision !== one.revision;
    });
  }

  /** Takes away everything that was kept to be read; unsent messages stay. */
  async clear(): Promise<void> {
    const database = await this.#open();
    await Promise.all([database.clear('conversations'), database.clear('person')]);
  }

  #open(): Promise<DeviceDatabase> {
    this.#database ??= openDeviceDatabase(this.#userId).catch((error: unknown) => {
      this.#database = null;
      throw error;
    });
    return this.#database;
  }
}
