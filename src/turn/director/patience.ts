import type { ModelFacts } from '../../models/spec/model-handle.ts';

/** Milliseconds for each part of asking a director. */
export interface DirectorPatience {
  /** Until the model begins: its weights may have to be loaded, and a reply would wait for the same. */
  toBegin: number;
  /** From there until the name is known. */
  toChoose: number;
  /** From there for the reason. */
  toExplain: number;
}

/** A provider answers in a second or two or not at all; that it has begun cannot be seen. */
const OF_PROVIDERS: DirectorPatience = { toBegin: 8000, toChoose: 8000, toExplain: 4000 };
/** A small computer reads some fifteen tokens a second beside other work: a line or two and the question. */
const OF_THIS_COMPUTER: DirectorPatience = { toBegin: 45_000, toChoose: 20_000, toExplain: 4000 };

export function patienceWith({ place }: Pick<ModelFacts, 'place'>): DirectorPatience {
  return place === 'this-computer' ? OF_THIS_COMPUTER : OF_PROVIDERS;
}

/**
 * How long a director is waited for: *beginning* → *choosing* → *explaining*, each with a limit of its own, or gone
 * with a part before. `signal` aborts when a limit is over.
 */
export class Patience implements Disposable {
  readonly #limits: DirectorPatience;
  readonly #over = new AbortController();
  #stage: 'beginning' | 'choosing' | 'explaining' = 'beginning';
  #timer: NodeJS.Timeout;

  constructor(limits: DirectorPatience) {
    this.#limits = limits;
    this.#timer = this.#await(limits.toBegin);
  }

  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Where it came to. */
  get stage(): 'beginning' | 'choosing' | 'explaining' {
    return this.#stage;
  }

  begun(): void {
    if (this.#stage === 'beginning') this.#goOn('choosing', this.#limits.toChoose);
  }

  chosen(): void {
    if (this.#stage !== 'explaining') this.#goOn('explaining', this.#limits.toExplain);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #goOn(stage: 'choosing' | 'explaining', limitInMs: number): void {
    this.#stage = stage;
    clearTimeout(this.#timer);
    this.#timer = this.#await(limitInMs);
  }

  #await(limitInMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#over.abort(), limitInMs);
  }
}
