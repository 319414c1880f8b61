import { setImmediate as nextTurn } from 'node:timers/promises';
import { SignatureList, signatureOf } from './signature-list.ts';
import type { StoredVector, VectorStore } from './vector-store.ts';
import {
  SAMPLE_SIZE,
  medianOf,
  nearestFirst,
  type VectorMatches,
  type VectorQuery,
  type VectorSearch,
} from './vector-search.ts';

/** Signatures that are held of all conversations together: 500,000 of 384 dimensions. Bytes. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Vectors that are read at once: 2 ms. */
const PAGE = 500;
/** Signatures compared before somebody else may go on: 1 ms. */
const SLICE = 16_384;
/** Rows whose cosines are asked for in one statement: 4 ms. */
const ROWS_AT_ONCE = 400;
/** Of so many rows for each one wanted the exact cosine is computed: signs alone order them only roughly. */
const CANDIDATES_PER_RESULT = 3;

interface Held {
  list: SignatureList;
  /** Row number up to which it was read. */
  readUpTo: number;
}

/** A list as long as it was when the search began: rows that come meanwhile are for the next one. */
interface Entries {
  list: SignatureList;
  size: number;
}

interface Candidates {
  rows: number[];
  /** Rows that tell what is usual. */
  sample: number[];
  /** True where `rows` are all that may be seen. */
  all: boolean;
}

/**
 * In two steps: signs of all vectors, held in memory by conversation, say which rows may be near; their exact cosines
 * come from the database. Only what may be seen is a candidate. New rows are read before each search by their numbers;
 * what was removed is no longer in the database and drops out of the second step.
 */
export class SignatureSearch implements VectorSearch {
  readonly #store: Pick<VectorStore, 'lastRow' | 'page' | 'cosinesOf'>;
  readonly #mostBytes: number;
  readonly #held = new Map<string, Held>();
  #opening: Promise<unknown> = Promise.resolve();

  constructor(
    store: Pick<VectorStore, 'lastRow' | 'page' | 'cosinesOf'>,
    { mostBytes = MOST_BYTES }: { mostBytes?: number } = {},
  ) {
    this.#store = store;
    this.#mostBytes = mostBytes;
  }

  /** Bytes that are held. */
  get bytes(): number {
    return [...this.#held.values()].reduce((sum, { list }) => sum + list.bytes, 0);
  }

  async search({ conversationIds, model, query, limit, allowed }: VectorQuery): Promise<VectorMatches> {
    const lists = await this.#open({ conversationIds, model, dimensions: query.length });
    const { rows, sample, all } = await this.#candidates(lists, { query, limit, allowed });
    const found = await this.#cosinesOf(rows, query);
    const usual = all ? found : await this.#cosinesOf(sample, query);
    return { cosines: nearestFirst(found, limit), middle: medianOf([...usual.values()]) };
  }

  async prepare({ conversationIds, model }: Pick<VectorQuery, 'conversationIds' | 'model'>): Promise<void> {
    await this.#open({ conversationIds, model, dimensions: null });
  }

  async #cosinesOf(rows: readonly number[], query: Int8Array): Promise<Map<string, number>> {
    const cosines = new Map<string, number>();
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
      const some = rows.slice(start, start + ROWS_AT_ONCE);
      for (const [id, cosine] of await this.#store.cosinesOf({ rows: some, query })) cosines.set(id, cosine);
      if (start + ROWS_AT_ONCE < rows.length) await nextTurn();
    }
    return cosines;
  }

  async #candidates(
    lists: readonly Entries[],
    { query, limit, allowed }: Pick<VectorQuery, 'query' | 'limit' | 'allowed'>,
  ): Promise<Candidates> {
    const wanted = Math.ceil(limit * CANDIDATES_PER_RESULT);
    const size = lists.reduce((sum, entries) => sum + entries.size, 0);
    if (size <= wanted) return { rows: lists.flatMap((entries) => seenRows(entries, allowed)), sample: [], all: true };
    const differing = await compareAll(lists, signatureOf(query));
    const rows: number[] = [];
    // From the fewest differing signs on; what may not be seen is passed over.
    for (const place of placesByDifference(differing, query.length)) {
      const { list, index } = entryAt(lists, place);
      if (allowed(list.idAt(index))) rows.push(list.rowAt(index));
      if (rows.length === wanted) return { rows, sample: sampleOf(lists, { size, allowed }), all: false };
    }
    return { rows, sample: [], all: true };
  }

  #open(of: { conversationIds: readonly string[]; model: string; dimensions: number | null }): Promise<Entries[]> {
    const opening = this.#opening.catch(() => undefined).then(() => this.#read(of));
    this.#opening = opening;
    return opening;
  }

  async #read({
    conversationIds,
    model,
    dimensions,
  }: {
    conversationIds: readonly string[];
    model: string;
    dimensions: number | null;
  }): Promise<Entries[]> {
    const upTo = await this.#store.lastRow();
    const keyOf = (id: string): string => `${id} ${model}`;
    const fresh = conversationIds.filter((id) => !this.#held.has(keyOf(id)));
    const known = conversationIds.filter((id) => (this.#held.get(keyOf(id))?.readUpTo ?? upTo) < upTo);
    const since = Math.min(...known.map((id) => this.#held.get(keyOf(id))?.readUpTo ?? 0));
    // One after another: the index gives the rows of one conversation in order, those of many would have to be sorted.
    for (const id of fresh) await this.#readRows({ ids: [id], model, after: 0, upTo, keyOf });
    if (known.length > 0) await this.#readRows({ ids: known, model, after: since, upTo, keyOf });
    const entries: Entries[] = [];
    for (const id of conversationIds) {
      const held = this.#held.get(keyOf(id));
      if (!held) continue;
      // Used last, evicted last.
      this.#held.delete(keyOf(id));
      this.#held.set(keyOf(id), held);
      if (dimensions === null || held.list.dimensions === dimensions) {
        entries.push({ list: held.list, size: held.list.size });
      }
    }
    this.#evict(new Set(conversationIds.map(keyOf)));
    return entries;
  }

  async #readRows({
    ids,
    model,
    after,
    upTo,
    keyOf,
  }: {
    ids: readonly string[];
    model: string;
    after: number;
    upTo: number;
    keyOf: (id: string) => string;
  }): Promise<void> {
    const read = new Map<string, Held>();
    for (let last = after; last < upTo;) {
      const page = await this.#store.page({ conversationIds: ids, model, after: last, limit: PAGE });
      for (const vector of page) {
        if (vector.row <= upTo) this.#add(vector, { key: keyOf(vector.conversationId), read });
      }
      last = page.length < PAGE ? upTo : (page.at(-1)?.row ?? upTo);
      await nextTurn();
    }
    for (const [key, held] of read) this.#held.set(key, held);
    for (const id of ids) {
      const held = this.#held.get(keyOf(id));
      if (held) held.readUpTo = upTo;
    }
  }

  /** To the conversation's list; one that was not there before is shown only when it is whole. */
  #add(vector: StoredVector, { key, read }: { key: string; read: Map<string, Held> }): void {
    if (vector.vector.length === 0) return;
    let held = this.#held.get(key) ?? read.get(key);
    if (!held) {
      held = { list: new SignatureList(vector.vector.length), readUpTo: 0 };
      read.set(key, held);
    }
    if (vector.row > held.readUpTo && vector.vector.length === held.list.dimensions) held.list.add(vector);
  }

  #evict(asked: ReadonlySet<string>): void {
    let bytes = this.bytes;
    for (const [key, { list }] of this.#held) {
      if (bytes <= this.#mostBytes) return;
      if (asked.has(key)) continue;
      this.#held.delete(key);
      bytes -= list.bytes;
    }
  }
}

function seenRows({ list, size }: Entries, allowed: (messageId: string) => boolean): number[] {
  const rows: number[] = [];
  for (let index = 0; index < size; index += 1) if (allowed(list.idAt(index))) rows.push(list.rowAt(index));
  return rows;
}

async function compareAll(lists: readonly Entries[], signature: Uint32Array): Promise<Uint16Array[]> {
  const differing: Uint16Array[] = [];
  let sinceTurn = 0;
  for (const { list, size } of lists) {
    const into = new Uint16Array(size);
    for (let from = 0; from < into.length; from += SLICE) {
      const to = Math.min(into.length, from + SLICE);
      list.compare(signature, { from, to, into });
      sinceTurn += to - from;
      if (sinceTurn < SLICE) continue;
      sinceTurn = 0;
      await nextTurn();
    }
    differing.push(into);
  }
  return differing;
}

/** Places in all lists one after another, by how many signs differ (a counting sort), the fewest first. */
function placesByDifference(differing: readonly Uint16Array[], dimensions: number): Uint32Array {
  const starts = new Uint32Array(dimensions + 2);
  let size = 0;
  for (const list of differing) {
    size += list.length;
    for (const count of list) starts[count + 1] = (starts[count + 1] ?? 0) + 1;
  }
  for (let count = 1; count < starts.length; count += 1)
    starts[count] = (starts[count] ?? 0) + (starts[count - 1] ?? 0);
  const places = new Uint32Array(size);
  let place = 0;
  for (const list of differing) {
    for (const count of list) {
      const at = starts[count] ?? 0;
      places[at] = place;
      starts[count] = at + 1;
      place += 1;
    }
  }
  return places;
}

function entryAt(lists: readonly Entries[], place: number): { list: SignatureList; index: number } {
  let index = place;
  for (const { list, size } of lists) {
    if (index < size) return { list, index };
    index -= size;
  }
  throw new RangeError(`There is no signature at ${place}.`);
}

/** Rows in even steps through all that may be seen. */
function sampleOf(
  lists: readonly Entries[],
  { size, allowed }: { size: number; allowed: (messageId: string) => boolean },
): number[] {
  const rows: number[] = [];
  const step = Math.max(1, Math.floor(size / SAMPLE_SIZE));
  for (let place = 0; place < size; place += step) {
    const { list, index } = entryAt(lists, place);
    if (allowed(list.idAt(index))) rows.push(list.rowAt(index));
  }
  return rows;
}
