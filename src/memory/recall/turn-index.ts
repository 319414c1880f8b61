import { PostingLists } from './posting-lists.ts';
import { READ_LENGTH, recallTerms } from './recall-terms.ts';
import { RecallView } from './recall-view.ts';
import type { ToldTimes } from './time-windows.ts';
import { TermTable } from './term-table.ts';
import { turnTraits } from './turn-traits.ts';

/** A message as recall knows it. */
export interface RecallTurn {
  id: string;
  parentId: string | null;
  conversationId: string;
  /** Steps from the root of its tree. */
  depth: number;
  /** Name of who said it. */
  speaker: string;
  byHuman: boolean;
  text: string;
  /** Epoch milliseconds. */
  at: number;
}

/** Dead slots that are worth compacting for, and their share of all slots. */
const COMPACT_FROM = 512;
const COMPACT_SHARE = 0.25;

/** Words of a turn that its length counts as: a pair of Han characters is half a word, a single one is in the pairs. */
const LENGTH_OF = { word: 1, number: 1, bigram: 0.5, character: 0, concept: 0, grammar: 0 } as const;

/** What the engine takes for a string, in bytes, beyond its characters. */
const STRING_HEAD = 24;
/** A `Map` entry with its share of empty buckets. */
const MAP_ENTRY = 40;

/**
 * The turns of one person and one character in memory, for `rankTurns`. A turn lives in a *slot*; slots rise as turns
 * come, a replaced turn gets a new one, and what was removed is dead at once: it is no longer in any list that a view
 * reads, its text is gone, and compaction takes its postings and slots back.
 */
export class TurnIndex {
  /** What turns tell of time, kept once it was read. */
  readonly toldTimes: ToldTimes = new WeakMap();
  #terms = new TermTable();
  #postings = new PostingLists();
  #slots = new Map<string, number>();
  #turns: (RecallTurn | undefined)[] = [];
  #lengths = new Float32Array(256);
  #traits = new Uint8Array(256);
  #textBytes = 0;
  #dead = 0;
  #generation = 0;

  /** Turns that can be found. */
  get size(): number {
    return this.#slots.size;
  }

  /** An estimate of the memory that this index holds, texts and ids included. */
  get bytes(): number {
    const perTurn = MAP_ENTRY + 2 * STRING_HEAD + 26 + 9 * 8;
    return (
      this.#terms.bytes +
      this.#postings.bytes +
      this.#lengths.byteLength +
      this.#traits.byteLength +
      this.#textBytes +
      this.#slots.size * perTurn
    );
  }

  /** Rises whenever a slot that a view may hold has died or moved. */
  get generation(): number {
    return this.#generation;
  }

  /** One more than the highest slot. */
  get slotCount(): number {
    return this.#turns.length;
  }

  has(id: string): boolean {
    return this.#slots.has(id);
  }

  get(id: string): Readonly<RecallTurn> | undefined {
    return this.turnAt(this.#slots.get(id) ?? -1);
  }

  /** Adds a turn, or replaces the one with its id. Of a text, the first 20,000 UTF-16 units are indexed and kept. */
  put(turn: RecallTurn): void {
    const known = this.#slots.get(turn.id);
    const text = turn.text.slice(0, READ_LENGTH);
    const parent = turn.parentId === null ? undefined : this.get(turn.parentId);
    // The parent's own string is kept, not a second one of the same words.
    const kept = { ...turn, text, parentId: parent?.id ?? turn.parentId };
    if (known !== undefined) {
      if (this.#turns[known]?.text === text) {
        this.#turns[known] = kept;
        this.#generation += 1;
        return;
      }
      this.remove(turn.id);
    }
    const slot = this.#turns.length;
    this.#turns.push(kept);
    this.#slots.set(turn.id, slot);
    this.#textBytes += bytesOf(text);
    this.#indexTerms(slot, text);
  }

  /** Forgets the turn: from now on nothing of it is found or counted. */
  remove(id: string): void {
    const slot = this.#slots.get(id);
    if (slot === undefined) return;
    this.#textBytes -= bytesOf(this.#turns[slot]?.text ?? '');
    this.#turns[slot] = undefined;
    this.#slots.delete(id);
    this.#dead += 1;
    this.#generation += 1;
    if (this.#dead >= COMPACT_FROM && this.#dead > this.#turns.length * COMPACT_SHARE) this.#compact();
  }

  /**
   * The turns that may be seen: one chain for each conversation, ids of its path oldest first. Ids that the index does
   * not know are passed over until it does. The view follows the index; keep it between queries and extend it.
   */
  view(chains: readonly (readonly string[])[]): RecallView {
    return new RecallView(this, chains);
  }

  slotOf(id: string): number {
    return this.#slots.get(id) ?? -1;
  }

  turnAt(slot: number): Readonly<RecallTurn> | undefined {
    return this.#turns[slot];
  }

  /** Length of a turn in words. */
  lengthAt(slot: number): number {
    return this.#lengths[slot] ?? 0;
  }

  /** What a turn is beside its words: bits of `turn-traits.ts`. */
  traitsAt(slot: number): number {
    return this.#traits[slot] ?? 0;
  }

  /** The number of a term, -1 when no turn has ever had it. */
  termId(term: string): number {
    return this.#terms.find(term);
  }

  /** At most how many postings `readPostings` gives for the term. */
  postingCount(term: number): number {
    return term < 0 ? 0 : this.#postings.count(term);
  }

  /** Slots of the turns that have the term, dead ones among them, with how often they have it. */
  readPostings(term: number, slots: Int32Array, frequencies: Int32Array): number {
    return term < 0 ? 0 : this.#postings.read(term, slots, frequencies);
  }

  #indexTerms(slot: number, text: string): void {
    const frequencies = new Map<string, number>();
    let length = 0;
    for (const { term, kind } of recallTerms(text)) {
      frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
      length += LENGTH_OF[kind];
    }
    for (const [term, frequency] of frequencies) this.#postings.add(this.#terms.add(term), slot, frequency);
    if (slot >= this.#lengths.length) this.#growTables(Math.ceil(slot * 1.5));
    this.#lengths[slot] = length;
    this.#traits[slot] = turnTraits(text);
  }

  #growTables(length: number): void {
    const lengths = new Float32Array(length);
    lengths.set(this.#lengths);
    this.#lengths = lengths;
    const traits = new Uint8Array(length);
    traits.set(this.#traits);
    this.#traits = traits;
  }

  /** Writes what is alive anew, in the same order. */
  #compact(): void {
    const moved = new Int32Array(this.#turns.length).fill(-1);
    const turns: RecallTurn[] = [];
    for (const [slot, turn] of this.#turns.entries()) {
      if (!turn) continue;
      this.#lengths[turns.length] = this.lengthAt(slot);
      this.#traits[turns.length] = this.traitsAt(slot);
      moved[slot] = turns.length;
      this.#slots.set(turn.id, turns.length);
      turns.push(turn);
    }
    const { terms, postings } = this.#movedPostings(moved);
    this.#terms = terms;
    this.#postings = postings;
    this.#turns = turns;
    this.#dead = 0;
  }

  #movedPostings(moved: Int32Array): { terms: TermTable; postings: PostingLists } {
    const terms = new TermTable();
    const postings = new PostingLists();
    const slots = new Int32Array(this.#turns.length);
    const frequencies = new Int32Array(this.#turns.length);
    for (let term = 0; term < this.#terms.size; term += 1) {
      const count = this.#postings.read(term, slots, frequencies);
      let list = -1;
      for (let index = 0; index < count; index += 1) {
        const slot = moved[slots[index] ?? 0] ?? -1;
        if (slot === -1) continue;
        if (list === -1) list = terms.addFrom(this.#terms, term);
        postings.add(list, slot, frequencies[index] ?? 1);
      }
    }
    return { terms, postings };
  }
}

/** A string of Latin characters takes a byte for each, any other two. */
function bytesOf(text: string): number {
  // eslint-disable-next-line no-control-regex -- Latin-1 is what the engine keeps in one byte
  return /^[\u0000-\u00ff]*$/.test(text) ? text.length : text.length * 2;
}
