import { describe, expect, test } from 'vitest';
import { cosineOf, toInt8 } from './quantize.ts';
import { SignatureSearch } from './signature-search.ts';
import type { StoredVector } from './vector-store.ts';

const DIMENSIONS = 64;
const TOPICS = 40;

/** Numbers from a seed, evenly in 0 to 1 (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const next = numbers(7);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
const topics = Array.from({ length: TOPICS }, () => Float32Array.from({ length: DIMENSIONS }, normal));
/** A vector about a topic, as texts about one thing lie near each other. */
const about = (topic: number): Int8Array =>
  toInt8(Float32Array.from(topics[topic % TOPICS]!, (value) => value + 0.7 * normal()));

/** A table in memory with the store's own comparison. */
class TableDouble {
  rows: StoredVector[] = [];
  read = 0;

  fill(count: number, conversationId: string): void {
    for (let index = 0; index < count; index += 1) {
      const row = (this.rows.at(-1)?.row ?? 0) + 1;
      this.rows.push({ row, messageId: `m${String(row).padStart(6, '0')}`, conversationId, vector: about(row) });
    }
  }

  async lastRow(): Promise<number> {
    return this.rows.at(-1)?.row ?? 0;
  }

  async page({ conversationIds, after, limit }: { conversationIds: readonly string[]; after: number; limit: number }) {
    const page = this.rows.filter((row) => row.row > after && conversationIds.includes(row.conversationId));
    this.read += Math.min(page.length, limit);
    return page.slice(0, limit);
  }

  async cosinesOf({ rows, query }: { rows: readonly number[]; query: Int8Array }): Promise<Map<string, number>> {
    const wanted = new Set(rows);
    const found = this.rows.filter(({ row }) => wanted.has(row));
    return new Map(found.map(({ messageId, vector }) => [messageId, cosineOf(vector, query)]));
  }

  nearest(query: Int8Array, { limit, allowed }: { limit: number; allowed: (id: string) => boolean }): string[] {
    return this.rows
      .filter(({ messageId }) => allowed(messageId))
      .map(({ messageId, vector }) => ({ messageId, cosine: cosineOf(vector, query) }))
      .toSorted((a, b) => b.cosine - a.cosine)
      .slice(0, limit)
      .map(({ messageId }) => messageId);
  }
}

const everything = (): boolean => true;
const of = { conversationIds: ['one', 'two'], model: 'scripted:words' };

describe('a search by signs and then by cosines', () => {
  test('is exact where there is little, and tells the middle of all', async () => {
    const table = new TableDouble();
    table.fill(40, 'one');
    table.fill(40, 'two');
    table.fill(5, 'three');
    const query = about(3);
    const found = await new SignatureSearch(table).search({ ...of, query, limit: 100, allowed: everything });
    const mine = table.rows.filter(({ conversationId }) => conversationId !== 'three');
    expect([...found.cosines.keys()].toSorted()).toEqual(mine.map(({ messageId }) => messageId));
    const cosines = mine.map(({ vector }) => cosineOf(vector, query)).toSorted((a, b) => a - b);
    expect(found.middle).toBe(cosines[40]);
    expect([...found.cosines.values()][0]).toBe(cosines.at(-1));
  });

  test('finds nearly all of the nearest among many', async () => {
    const table = new TableDouble();
    table.fill(6000, 'one');
    const search = new SignatureSearch(table);
    let hits = 0;
    for (let topic = 0; topic < 20; topic += 1) {
      const query = about(topic);
      const found = await search.search({ ...of, query, limit: 200, allowed: everything });
      expect(found.cosines.size).toBe(200);
      hits += table.nearest(query, { limit: 20, allowed: everything }).filter((id) => found.cosines.has(id)).length;
      // Most is about something else.
      expect(found.middle).toBeLessThan(0.3);
    }
    expect(hits / 400).toBeGreaterThan(0.95);
  });

  test('what may not be seen takes nobody’s place', async () => {
    const table = new TableDouble();
    table.fill(6000, 'one');
    const query = about(5);
    const nearest = new Set(table.nearest(query, { limit: 100, allowed: everything }));
    const allowed = (id: string): boolean => !nearest.has(id);
    const found = await new SignatureSearch(table).search({ ...of, query, limit: 100, allowed });
    expect(found.cosines.size).toBe(100);
    expect([...found.cosines.keys()].some((id) => nearest.has(id))).toBe(false);
    const best = table.nearest(query, { limit: 10, allowed });
    expect(best.filter((id) => found.cosines.has(id)).length).toBeGreaterThanOrEqual(9);
  });

  test('reads only what is new, and returns nothing that is gone', async () => {
    const table = new TableDouble();
    table.fill(1200, 'one');
    table.fill(10, 'two');
    const search = new SignatureSearch(table);
    const query = about(1);
    await search.search({ ...of, query, limit: 10, allowed: everything });
    expect(table.read).toBe(1210);
    table.fill(3, 'one');
    const last = table.rows.at(-1)!;
    const found = await search.search({ ...of, query: last.vector, limit: 10, allowed: everything });
    expect(table.read).toBe(1213);
    expect([...found.cosines.keys()][0]).toBe(last.messageId);
    table.rows = table.rows.filter(({ row }) => row !== last.row && row < 1200);
    const after = await search.search({ ...of, query: last.vector, limit: 1210, allowed: everything });
    expect(after.cosines.has(last.messageId)).toBe(false);
    expect(after.cosines.size).toBe(1199);
  });

  test('holds no more than it may, and reads again what it let go', async () => {
    const table = new TableDouble();
    table.fill(2000, 'one');
    table.fill(2000, 'two');
    const search = new SignatureSearch(table, { mostBytes: 250_000 });
    const query = about(2);
    for (const id of ['one', 'two', 'one']) {
      const found = await search.search({ ...of, conversationIds: [id], query, limit: 5, allowed: everything });
      expect(found.cosines.size).toBe(5);
      expect(search.bytes).toBeLessThan(250_000);
    }
    expect(table.read).toBe(6000);
  });

  test('a vector of nothing, or of another length, is near to nothing', async () => {
    const table = new TableDouble();
    table.fill(3, 'one');
    table.rows.push({ row: 9, messageId: 'empty', conversationId: 'one', vector: new Int8Array(0) });
    const search = new SignatureSearch(table);
    const found = await search.search({ ...of, query: about(1), limit: 10, allowed: everything });
    expect(found.cosines.size).toBe(3);
    const other = await search.search({ ...of, query: new Int8Array(32).fill(3), limit: 10, allowed: everything });
    expect(other).toEqual({ cosines: new Map(), middle: null });
  });
});
