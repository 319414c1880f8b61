/** Bytes that may wait while a call opens or a setting is stored: more than a minute of audio. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
const MAX_WAITING_MESSAGES = 4096;
/** Messages a second in the long run, and at once; a microphone sends 50, playback 10. */
const MESSAGES_PER_SECOND = 400;
const BURST_MESSAGES = 4000;

export interface IncomingMessage {
  data: Buffer;
  isBinary: boolean;
}

/** What a client sends, one after another: an event is looked at only when the one before it has had its effect. */
export class Inbox {
  readonly #now: () => number;
  #handle: ((message: IncomingMessage) => void | Promise<void>) | null = null;
  #waiting: IncomingMessage[] = [];
  #waitingBytes = 0;
  #busy = false;
  #closed = false;
  #allowance = BURST_MESSAGES;
  #refilledAt: number;

  /** `now`: milliseconds that never go back. */
  constructor(now: () => number) {
    this.#now = now;
    this.#refilledAt = now();
  }

  /** Begins with what has come so far. `handle` must not throw. */
  open(handle: (message: IncomingMessage) => void | Promise<void>): void {
    this.#handle = handle;
    void this.#work();
  }

  /** False when too much waits or comes; the message was not taken. */
  push(message: IncomingMessage): boolean {
    if (this.#closed) return true;
    if (!this.#mayTake()) return false;
    const bytes = this.#waitingBytes + message.data.length;
    if (this.#waiting.length >= MAX_WAITING_MESSAGES || bytes > MAX_WAITING_BYTES) return false;
    this.#waiting.push(message);
    this.#waitingBytes = bytes;
    if (!this.#busy) void this.#work();
    return true;
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #mayTake(): boolean {
    const now = this.#now();
    this.#allowance = Math.min(
      BURST_MESSAGES,
      this.#allowance + ((now - this.#refilledAt) / 1000) * MESSAGES_PER_SECOND,
    );
    this.#refilledAt = now;
    if (this.#allowance < 1) return false;
    this.#allowance -= 1;
    return true;
  }

  async #work(): Promise<void> {
    const handle = this.#handle;
    if (!handle || this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#waiting.shift(); next && !this.#closed; next = this.#waiting.shift()) {
        this.#waitingBytes -= next.data.length;
        const done = handle(next);
        // Most events take effect at once; waiting for those would let other work in between every two frames.
        if (done) await done;
      }
    } finally {
      this.#busy = false;
    }
  }
}
