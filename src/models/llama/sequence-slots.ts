import { AbortedError } from '../../base/errors.ts';
import { isAffinityOf } from '../spec/engine-affinity.ts';

/** One of the engine's parallel conversations: a native sequence, and whose state it holds. */
export interface Slot<Sequence> {
  readonly sequence: Sequence;
  affinity: string | null;
  /** Ascending token counts the state can be cut back to (hybrid models). */
  checkpoints: number[];
  /** Order of use; 0 = never used. */
  usedAt: number;
}

interface Waiter<Sequence> {
  affinity: string | null;
  background: boolean;
  resolve(slot: Slot<Sequence>): void;
}

/**
 * Hands out sequences. A conversation gets the one that holds its state, waiting for it if need be (so its requests run
 * one after another), else one that holds no conversation, else the least recently used. Background work (warming) runs only while nobody waits for a reply, and is expected to
 * give its slot back soon after `foregroundWaits` turns true.
 */
export class SequenceSlots<Sequence> {
  readonly #idle: Slot<Sequence>[];
  readonly #busy = new Set<Slot<Sequence>>();
  readonly #background = new Set<Slot<Sequence>>();
  /** Their reply is out; the state is still being saved. */
  readonly #settling = new Set<Slot<Sequence>>();
  #waiting: Waiter<Sequence>[] = [];
  #foreground = 0;
  #uses = 0;

  constructor(sequences: readonly Sequence[]) {
    this.#idle = sequences.map((sequence) => ({ sequence, affinity: null, checkpoints: [], usedAt: 0 }));
  }

  /** True while a reply is being made or waited for: background work should step aside. */
  get foregroundWaits(): boolean {
    return this.#foreground > 0 || this.#waiting.some((waiter) => !waiter.background);
  }

  /** Replies being made now. */
  get foregroundRunning(): number {
    return this.#foreground;
  }

  /** Slots at work, replies and background together. */
  get running(): number {
    return this.#foreground + this.#background.size;
  }

  async acquire(request: {
    affinity: string | null;
    background: boolean;
    signal: AbortSignal;
  }): Promise<Slot<Sequence>> {
    const { affinity, background, signal } = request;
    if (signal.aborted) throw new AbortedError();
    const { promise, resolve, reject } = Promise.withResolvers<Slot<Sequence>>();
    const waiter: Waiter<Sequence> = { affinity, background, resolve };
    const onAbort = (): void => {
      this.#waiting = this.#waiting.filter((other) => other !== waiter);
      reject(new AbortedError());
      this.#dispatch();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiting.push(waiter);
    this.#dispatch();
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** The reply is over, and its conversation's next request waits for `release`. */
  settle(slot: Slot<Sequence>): void {
    this.#settling.add(slot);
    this.#foreground -= 1;
    this.#dispatch();
  }

  release(slot: Slot<Sequence>): void {
    if (!this.#background.delete(slot) && !this.#settling.delete(slot)) this.#foreground -= 1;
    this.#busy.delete(slot);
    this.#idle.push(slot);
    this.#dispatch();
  }

  /** Affinities of a conversation, of each who speaks in it, whose state a slot holds, idle or at work. */
  affinitiesOf(conversationId: string): string[] {
    const held = [...this.#idle, ...this.#busy].map(({ affinity }) => affinity).filter((affinity) => affinity !== null);
    return [...new Set(held)].filter((affinity) => isAffinityOf(conversationId, affinity));
  }

  #dispatch(): void {
    const ordered = this.#waiting.toSorted((left, right) => Number(left.background) - Number(right.background));
    for (const waiter of ordered) {
      if (waiter.background && this.foregroundWaits) return;
      const slot = this.#choose(waiter);
      if (!slot) continue;
      this.#waiting = this.#waiting.filter((other) => other !== waiter);
      this.#idle.splice(this.#idle.indexOf(slot), 1);
      this.#busy.add(slot);
      slot.affinity = waiter.affinity;
      slot.usedAt = ++this.#uses;
      if (waiter.background) this.#background.add(slot);
      else this.#foreground += 1;
      waiter.resolve(slot);
    }
  }

  #choose({ affinity }: Waiter<Sequence>): Slot<Sequence> | undefined {
    if (affinity !== null) {
      const own = this.#idle.find((slot) => slot.affinity === affinity);
      if (own) return own;
      // It is at work for this very conversation: being warmed, saved, or stopping, which ends within one slice.
      if (this.#busy.values().some((slot) => slot.affinity === affinity)) return undefined;
    }
    const isOwned = (slot: Slot<Sequence>): number => Number(slot.affinity !== null);
    return this.#idle.toSorted((left, right) => isOwned(left) - isOwned(right) || left.usedAt - right.usedAt)[0];
  }
}
