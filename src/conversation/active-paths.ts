import type { Db } from '../storage/storage.ts';
import { readDepths, readLines } from './message-store.ts';
import { TreeWays } from './tree-ways.ts';
import type { ConversationRecord, MessageNode } from './tree-types.ts';
import type { Place } from './waypoint-store.ts';

/** Messages from one known place of a path to the next: a long step of `TreeWays`. */
const STEP = 32;
/** Ids held for all conversations together; about 10 MB. */
const MOST_IDS = 200_000;

/** What is known of a path. Parents never change: it stays true. */
interface KnownPath {
  leaf: Place;
  /** Every 32nd message by depth / 32, as far down as somebody asked. */
  ids: string[];
  /** The lowest that is known, in the same count. */
  lowest: number;
  /** Messages between by depth, where somebody asked. */
  between: string[];
}

/** Says of messages whether they stand on the active path of their conversation, without reading the path each time. */
export class ActivePaths {
  readonly #db: Db;
  readonly #known = new Map<string, KnownPath>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** Those of the messages of one conversation that are on its active path. */
  async among(
    { id, leafId }: Pick<ConversationRecord, 'id' | 'leafId'>,
    messages: readonly Pick<MessageNode, 'id' | 'depth'>[],
  ): Promise<Set<string>> {
    const leaf = leafId === null ? undefined : await this.#leaf(id, leafId);
    const within = messages.filter(({ depth }) => leaf && depth <= leaf.depth);
    if (!leaf || within.length === 0) return new Set();
    const lowest = within.reduce((least, { depth }) => Math.min(least, depth), Infinity);
    const path = await this.#reach(id, { leaf, depth: lowest });
    await this.#fill(path, within);
    return new Set(within.filter(({ id, depth }) => path.between[depth] === id).map((message) => message.id));
  }

  /** Reads what stands on a path at the depths of messages, each from the nearest known place below. */
  async #fill(path: KnownPath, messages: readonly Pick<MessageNode, 'depth'>[]): Promise<void> {
    const unknown = messages.filter(({ depth }) => path.between[depth] === undefined);
    const starts = new Set(unknown.map(({ depth }) => path.ids[Math.ceil(depth / STEP)] ?? path.leaf.id));
    for (const { id, depth } of await readLines(this.#db, { fromIds: [...starts], limit: STEP + 1 })) {
      path.between[depth] = id;
    }
  }

  async #leaf(conversationId: string, leafId: string): Promise<Place | undefined> {
    const known = this.#known.get(conversationId)?.leaf;
    return known?.id === leafId ? known : (await readDepths(this.#db, [leafId]))[0];
  }

  /** The places of a path down to the last that is not above a depth. */
  async #reach(id: string, { leaf, depth }: { leaf: Place; depth: number }): Promise<KnownPath> {
    const before = this.#known.get(id);
    const top = Math.floor(leaf.depth / STEP);
    const isSame = before?.leaf.id === leaf.id;
    const path: KnownPath = before && isSame ? before : { leaf, ids: [], lowest: top + 1, between: [] };
    const isNew = before !== undefined && !isSame;
    // A new end climbs a step further than asked for, to run into what is known.
    const wanted = Math.min(Math.ceil(depth / STEP), isNew ? Math.max(top - 1, 0) : Infinity);
    if (path.lowest > wanted) {
      const ways = new TreeWays(this.#db, id);
      if (path.lowest > top) keep(path, await ways.above(leaf, top * STEP));
      for (;;) {
        if (isNew && before.ids[path.lowest] === path.ids[path.lowest]) joinPaths(path, before);
        if (path.lowest <= wanted) break;
        const at = { id: path.ids[path.lowest] ?? '', depth: path.lowest * STEP };
        const count = Math.min(path.lowest - wanted, isNew ? JOINING : Infinity);
        for (const place of (await ways.up(at, { span: STEP, count })).slice(1)) keep(path, place);
      }
    }
    this.#hold(id, path);
    return path;
  }

  #hold(id: string, path: KnownPath): void {
    this.#known.delete(id);
    this.#known.set(id, path);
    let held = 0;
    for (const { ids, between } of this.#known.values()) held += ids.length + between.length;
    for (const [other, { ids, between }] of this.#known) {
      if (held <= MOST_IDS || other === id) break;
      held -= ids.length + between.length;
      this.#known.delete(other);
    }
  }
}

/** Places read at once where a path is expected to run into the one before. */
const JOINING = 32;

function keep(path: KnownPath, { id, depth }: Place): void {
  path.lowest = depth / STEP;
  path.ids[path.lowest] = id;
}

/** The new path's end runs into the one that is known already. */
function joinPaths(path: KnownPath, before: KnownPath): void {
  for (let at = before.lowest; at < path.lowest; at += 1) path.ids[at] = before.ids[at] ?? '';
  path.between = before.between.slice(0, path.lowest * STEP + 1);
  path.lowest = Math.min(path.lowest, before.lowest);
}
