import { setImmediate } from 'node:timers/promises';
import type { Db } from '../storage/storage.ts';
import { readAncestors } from './message-store.ts';
import type { ConversationRecord, MessageNode } from './tree-types.ts';

/** Ancestors read in one statement: some milliseconds, so that others get their turn between. */
const STEPS = 2000;
/** Ids held for all conversations together; about 10 MB. */
const MOST_IDS = 200_000;

/** The end of a path and its ancestors as far as somebody asked, by depth. Parents never change, so it stays true. */
interface KnownPath {
  leafId: string;
  ids: string[];
  /** The lowest depth that is known. */
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
    if (leafId === null || messages.length === 0) return new Set();
    const lowest = messages.reduce((least, { depth }) => Math.min(least, depth), Infinity);
    const path = await this.#reach({ id, leafId }, lowest);
    return new Set(messages.filter(({ id, depth }) => path.ids[depth] === id).map((message) => message.id));
  }

  async #reach({ id, leafId }: { id: string; leafId: string }, depth: number): Promise<KnownPath> {
    const before = this.#known.get(id);
    const path: KnownPath = before?.leafId === leafId ? before : { leafId, ids: [], lowest: Number.POSITIVE_INFINITY };
    let fromId: string | null = path === before ? (path.ids[path.lowest] ?? leafId) : leafId;
    while (path.lowest > depth && fromId !== null) {
      const steps = await readAncestors(this.#db, { fromId, limit: STEPS });
      for (const step of steps) {
        if (before && path !== before && before.ids[step.depth] === step.id) {
          joinPaths(path, before, step.depth);
          break;
        }
        path.ids[step.depth] = step.id;
        path.lowest = step.depth;
      }
      const last = steps.at(-1);
      if (!last || path.lowest === 0) break;
      fromId = path.ids[path.lowest] ?? null;
      if (steps.length < 2) break;
      await setImmediate();
    }
    this.#keep(id, path);
    return path;
  }

  #keep(id: string, path: KnownPath): void {
    this.#known.delete(id);
    this.#known.set(id, path);
    let held = 0;
    for (const { ids } of this.#known.values()) held += ids.length;
    for (const [other, { ids }] of this.#known) {
      if (held <= MOST_IDS || other === id) break;
      held -= ids.length;
      this.#known.delete(other);
    }
  }
}

/** The new path's end runs into the one that is known already. */
function joinPaths(path: KnownPath, before: KnownPath, depth: number): void {
  for (let at = before.lowest; at <= depth; at += 1) path.ids[at] = before.ids[at] ?? '';
  path.lowest = Math.min(path.lowest, before.lowest);
}
