import type { ConversationEvent } from '../../contract/conversations.ts';
import type { Presence } from '../../contract/rooms.ts';

/** Milliseconds after which somebody who said that they type, and nothing more, types no longer. */
export const TYPING_FOR_MS = 6000;

interface Here {
  /** Devices that watch. */
  devices: number;
  /** Ends by itself; null while they do not type. */
  typing: NodeJS.Timeout | null;
}

/**
 * Who of the humans has a conversation open, and who types. In memory: whoever is there says so again. A participant is
 * *away* (unknown here) → *online* while at least one device watches, and *typing* for six seconds after saying so.
 */
export class RoomPresence implements Disposable {
  readonly #tell: (conversationId: string, event: ConversationEvent) => void;
  readonly #here = new Map<string, Map<string, Here>>();
  readonly #listeners = new Map<string, Set<() => void>>();

  /** `tell` reaches those who watch a conversation. */
  constructor(tell: (conversationId: string, event: ConversationEvent) => void) {
    this.#tell = tell;
  }

  /** One more device of a participant watches, until what is returned is disposed. Several count once. */
  enter({ conversationId, participantId }: { conversationId: string; participantId: string }): Disposable {
    const room = this.#here.get(conversationId) ?? new Map<string, Here>();
    this.#here.set(conversationId, room);
    const here = room.get(participantId) ?? { devices: 0, typing: null };
    room.set(participantId, here);
    here.devices += 1;
    if (here.devices === 1) this.#changed(conversationId);
    let isOver = false;
    const leave = () => {
      if (isOver) return;
      isOver = true;
      here.devices -= 1;
      if (here.devices === 0) this.#away(conversationId, participantId);
    };
    return { [Symbol.dispose]: leave };
  }

  /** Somebody types, or has stopped. Who does not watch cannot be seen typing. */
  type({
    conversationId,
    participantId,
    typing,
  }: {
    conversationId: string;
    participantId: string;
    typing: boolean;
  }): void {
    const here = this.#here.get(conversationId)?.get(participantId);
    if (!here) return;
    const before = here.typing;
    if (before) clearTimeout(before);
    here.typing = typing
      ? setTimeout(() => this.type({ conversationId, participantId, typing: false }), TYPING_FOR_MS).unref()
      : null;
    if ((before !== null) !== typing) this.#changed(conversationId);
  }

  isHere({ conversationId, participantId }: { conversationId: string; participantId: string }): boolean {
    return this.#here.get(conversationId)?.has(participantId) ?? false;
  }

  /** Calls back after each change in a conversation, until what is returned is disposed. */
  onChange(conversationId: string, listener: () => void): Disposable {
    const listeners = this.#listeners.get(conversationId) ?? new Set();
    this.#listeners.set(conversationId, listeners.add(listener));
    const leave = () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(conversationId);
    };
    return { [Symbol.dispose]: leave };
  }

  of(conversationId: string): Presence[] {
    return [...(this.#here.get(conversationId) ?? [])].map(([participantId, { typing }]) => ({
      participantId,
      online: true,
      typing: typing !== null,
    }));
  }

  [Symbol.dispose](): void {
    for (const room of this.#here.values()) {
      for (const { typing } of room.values()) if (typing) clearTimeout(typing);
    }
    this.#here.clear();
    this.#listeners.clear();
  }

  #away(conversationId: string, participantId: string): void {
    const room = this.#here.get(conversationId);
    const here = room?.get(participantId);
    if (!room || !here) return;
    if (here.typing) clearTimeout(here.typing);
    room.delete(participantId);
    if (room.size === 0) this.#here.delete(conversationId);
    this.#changed(conversationId);
  }

  #changed(conversationId: string): void {
    this.#tell(conversationId, { type: 'presence-change', presence: this.of(conversationId) });
    for (const listener of this.#listeners.get(conversationId) ?? []) listener();
  }
}
