/** Milliseconds between checkpoints: several fit into the second that a crash may cost a stream. */
const BEAT_IN_MS = 250;

/** What has something to note. */
export interface Checkpointed {
  note(): Promise<void>;
}

/** One beat for all streams, so that their checkpoints share one write. It stands still while nothing is to be noted. */
export class CheckpointBeat {
  readonly #waiting = new Set<Checkpointed>();
  #timer: NodeJS.Timeout | null = null;

  /** `call` is asked to note at the next beat. */
  add(call: Checkpointed): void {
    this.#waiting.add(call);
    this.#timer ??= setTimeout(() => this.#beat(), BEAT_IN_MS).unref();
  }

  remove(call: Checkpointed): void {
    this.#waiting.delete(call);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting.clear();
  }

  #beat(): void {
    this.#timer = null;
    const calls = [...this.#waiting];
    this.#waiting.clear();
    for (const call of calls) void call.note();
  }
}
