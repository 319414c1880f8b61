import type { Db } from '../storage/storage.ts';
import { readDepths, readLines } from './message-store.ts';
import { TreeWays } from './tree-ways.ts';
import type { ConversationRecord, MessageNode } from './tree-types.ts';
import type { Place } from './waypoint-store.ts';

/** Messages from one known place of a path to the next: a long step of `TreeWays`. */
const STEP = 32;
/** Places held for all conversations together; about 10 MB, and paths of six million messages. */
const MOST_PLACES = 200_000;

/** Places of a path, one for every 32 messages, as far down as somebody asked. Parents never change: it stays true. */
interface KnownPath {
  leaf: Place;
  /** Ids by depth / 32. */
  ids: string[];
  /** The lowest that is known, in the same count. */
  lowest: number;
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
    // Each message is looked for from the nearest place of the path that is below it.
    const starts = new Map(within.map((message) => [message, startBelow(path, message.depth)]));
    const lines = await readLines(this.#db, { fromIds: [...new Set(starts.values())], limit: STEP + 1 });
    return new Set(
      within
        .filter((message) => lines.get(starts.get(message) ?? '')?.get(message.depth) === message.id)
        .map((message) => message.id),
    );
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
    const path: KnownPath = before && isSame ? before : { leaf, ids: [], lowest: top + 1 };
    const wanted = Math.ceil(depth / STEP);
    if (path.lowest > wanted) {
      const ways = new TreeWays(this.#db, id);
      const from = { id: path.ids[path.lowest] ?? '', depth: path.lowest * STEP };
      const start = path.lowest > top ? await ways.above(leaf, top * STEP) : from;
      keep(path, start);
      while (path.lowest > wanted) {
        if (before && !isSame && before.ids[path.lowest] === path.ids[path.lowest]) joinPaths(path, before);
        if (path.lowest <= wanted) break;
        const at = { id: path.ids[path.lowest] ?? '', depth: path.lowest * STEP };
        const count = Math.min(path.lowest - wanted, before && !isSame ? JOINING : Infinity);
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
    for (const { ids } of this.#known.values()) held += ids.length;
    for (const [other, { ids }] of this.#known) {
      if (held <= MOST_PLACES || other === id) break;
      held -= ids.length;
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

function startBelow({ leaf, ids }: KnownPath, depth: number): string {
  return ids[Math.ceil(depth / STEP)] ?? leaf.id;
}

/** The new path's end runs into the one that is known already. */
function joinPaths(path: KnownPath, before: KnownPath): void {
  for (let at = before.lowest; at < path.lowest; at += 1) path.ids[at] = before.ids[at] ?? '';
  path.lowest = Math.min(path.lowest, before.lowest);
}
