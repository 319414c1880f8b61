/** What a view needs of an index. */
export interface TurnSource {
  readonly generation: number;
  readonly slotCount: number;
  slotOf(id: string): number;
  turnAt(slot: number): { readonly at: number; readonly speaker: string } | undefined;
  lengthAt(slot: number): number;
}

const HOUR = 60 * 60 * 1000;

/** A pause after which talk counts as another session. */
const SESSION_GAP = 3 * HOUR;

/** Turns after which a session without a pause is cut, so that an endless scene still has parts. */
const SESSION_TURNS = 100;

const NONE = -1;

interface Chain {
  ids: string[];
  /** Slot of the newest turn that is known. */
  end: number;
  /** Turns of the session that `end` belongs to. */
  sessionTurns: number;
}

/**
 * What of an index may be seen, in the order of its paths. Everything that ranking counts (how rare a word is, how long
 * turns are, who stands beside whom) is counted over a view only. Arrays are by slot; -1 means not there.
 */
export class RecallView {
  readonly #index: TurnSource;
  #chains: Chain[] = [];
  #generation = NONE;
  /** Ids passed over because the index did not know them, and how many slots it had then. */
  #missing = 0;
  #slotsSeen = 0;
  #previous = new Int32Array(0);
  #next = new Int32Array(0);
  #sessions = new Int32Array(0);
  #sessionLengths: number[] = [];
  #speakers = new Set<string>();
  #size = 0;
  #totalLength = 0;

  constructor(index: TurnSource, chains: readonly (readonly string[])[]) {
    this.#index = index;
    this.#chains = chains.map((ids) => ({ ids: [...ids], end: NONE, sessionTurns: 0 }));
    this.refresh();
  }

  /** Turns that may be seen. */
  get size(): number {
    this.refresh();
    return this.#size;
  }

  /** Words of all turns together. */
  get totalLength(): number {
    return this.#totalLength;
  }

  /** Words of each session, by its number. */
  get sessionLengths(): readonly number[] {
    return this.#sessionLengths;
  }

  /** Names of all who speak, in the order in which they first do. */
  get speakers(): readonly string[] {
    return [...this.#speakers];
  }

  /** Adds newer turns to the end of a chain. */
  extend(chainIndex: number, ids: readonly string[]): void {
    this.refresh();
    const chain = this.#chains[chainIndex];
    if (!chain) throw new RangeError(`This view has ${this.#chains.length} chains, none with index ${chainIndex}.`);
    for (const id of ids) {
      chain.ids.push(id);
      this.#append(chain, id);
    }
    this.#slotsSeen = this.#index.slotCount;
  }

  /** Brings the view up to what the index holds now; everything below asks for it to have been called. */
  refresh(): void {
    const index = this.#index;
    const late = this.#missing > 0 && this.#slotsSeen !== index.slotCount;
    if (this.#generation === index.generation && !late) return;
    this.#generation = index.generation;
    this.#slotsSeen = index.slotCount;
    this.#missing = 0;
    this.#size = 0;
    this.#totalLength = 0;
    this.#sessionLengths = [];
    this.#speakers = new Set();
    const capacity = index.slotCount + 64;
    this.#previous = new Int32Array(capacity).fill(NONE);
    this.#next = new Int32Array(capacity).fill(NONE);
    this.#sessions = new Int32Array(capacity).fill(NONE);
    for (const chain of this.#chains) {
      chain.end = NONE;
      chain.sessionTurns = 0;
      for (const id of chain.ids) this.#append(chain, id);
    }
  }

  sees(slot: number): boolean {
    return (this.#sessions[slot] ?? NONE) !== NONE;
  }

  /** Number of the session a turn belongs to, -1 when it may not be seen. */
  sessionOf(slot: number): number {
    return this.#sessions[slot] ?? NONE;
  }

  /** The three arrays by slot, for loops over all turns: the turn before, the turn after, the session; -1 for none. */
  get order(): { previous: Int32Array; next: Int32Array; sessions: Int32Array } {
    return { previous: this.#previous, next: this.#next, sessions: this.#sessions };
  }

  previousOf(slot: number): number {
    return this.#previous[slot] ?? NONE;
  }

  nextOf(slot: number): number {
    return this.#next[slot] ?? NONE;
  }

  #append(chain: Chain, id: string): void {
    const index = this.#index;
    const slot = index.slotOf(id);
    const turn = index.turnAt(slot);
    if (!turn) {
      this.#missing += 1;
      return;
    }
    if (slot >= this.#sessions.length) this.#grow(slot);
    if (this.sees(slot)) {
      // Another chain has it already: what follows there stays its neighbour, what follows here leans on it.
      chain.end = slot;
      return;
    }
    const before = index.turnAt(chain.end);
    const begins = !before || Math.abs(turn.at - before.at) > SESSION_GAP || chain.sessionTurns >= SESSION_TURNS;
    if (begins) this.#sessionLengths.push(0);
    chain.sessionTurns = begins ? 1 : chain.sessionTurns + 1;
    const session = begins ? this.#sessionLengths.length - 1 : this.sessionOf(chain.end);
    this.#sessions[slot] = session;
    this.#previous[slot] = chain.end;
    if (chain.end !== NONE && this.nextOf(chain.end) === NONE) this.#next[chain.end] = slot;
    chain.end = slot;
    const length = index.lengthAt(slot);
    this.#sessionLengths[session] = (this.#sessionLengths[session] ?? 0) + length;
    this.#totalLength += length;
    this.#speakers.add(turn.speaker);
    this.#size += 1;
  }

  #grow(slot: number): void {
    const grown = (array: Int32Array) => {
      const larger = new Int32Array(Math.ceil((slot + 64) * 1.5)).fill(NONE);
      larger.set(array);
      return larger;
    };
    this.#previous = grown(this.#previous);
    this.#next = grown(this.#next);
    this.#sessions = grown(this.#sessions);
  }
}
