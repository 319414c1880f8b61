import { BoundedQueue } from '../base/bounded-queue.ts';
import type { CallEvent } from './call-events.ts';
import type { CallAttachment } from './call-handle.ts';

/** Events a transport may lag behind: several replies of sound in pieces of 200 ms. */
const MOST_WAITING = 4096;

/** Whoever is attached to a call: one device at a time, or none. */
export class Audience {
  #queue: BoundedQueue<CallEvent> | null = null;

  get isThere(): boolean {
    return this.#queue !== null;
  }

  /** Takes over from whoever was there. `onDetach`: this one went and nobody came instead. */
  attach(onDetach: () => void): CallAttachment {
    this.close({ type: 'taken-over' });
    const queue = new BoundedQueue<CallEvent>(MOST_WAITING);
    this.#queue = queue;
    return {
      events: queue,
      detach: () => {
        queue.end();
        if (this.#queue !== queue) return;
        this.#queue = null;
        onDetach();
      },
    };
  }

  tell(event: CallEvent): void {
    this.#queue?.push(event);
  }

  /** Says a last word to whoever is there and lets them go. */
  close(event: CallEvent): void {
    this.#queue?.push(event);
    this.#queue?.end();
    this.#queue = null;
  }
}
