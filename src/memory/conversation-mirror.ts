import type { WitnessedMessage } from './pair-index-store.ts';

interface MirrorNode {
  parentId: string | null;
  at: number;
  /** The first half of the words' hash. */
  hash: string;
  known: boolean;
}

/** Hex digits of a hash that are kept: 128 bits tell words apart. */
const KEPT_HASH = 32;
/** Paths that are remembered: the active one and those that a reply written again begins from. */
const MOST_PATHS = 3;
/** Steps up from a new end that are tried before its path is walked anew. */
const STEPS_BACK = 64;

interface KnownPath {
  endId: string;
  version: number;
  ids: readonly string[];
}

/** A conversation's tree in memory: enough to say what lies on a path and whether its words are the same. */
export class ConversationMirror {
  readonly #nodes = new Map<string, MirrorNode>();
  #paths: KnownPath[] = [];
  #version = 0;
  #newestId = '';

  /** Rises when a message that was known changes; new ones leave it. */
  get version(): number {
    return this.#version;
  }

  /** The highest id seen. */
  get newestId(): string {
    return this.#newestId;
  }

  get size(): number {
    return this.#nodes.size;
  }

  has(id: string): boolean {
    return this.#nodes.has(id);
  }

  put({ id, parentId, at, hash, known }: WitnessedMessage): void {
    const kept = hash.slice(0, KEPT_HASH);
    const before = this.#nodes.get(id);
    if (before && (before.known !== known || before.hash !== kept)) this.#version += 1;
    this.#nodes.set(id, { parentId, at, hash: kept, known });
    if (id > this.#newestId) this.#newestId = id;
  }

  remove(id: string): void {
    if (this.#nodes.delete(id)) this.#version += 1;
  }

  ids(): IterableIterator<string> {
    return this.#nodes.keys();
  }

  /** When a message was written; undefined for unknown ones. */
  timeOf(id: string): number | undefined {
    return this.#nodes.get(id)?.at;
  }

  /** Of a message that is known. */
  hashOf(id: string): string | undefined {
    const node = this.#nodes.get(id);
    return node?.known === true ? node.hash : undefined;
  }

  hasWords(id: string, hash: string): boolean {
    const node = this.#nodes.get(id);
    return node?.known === true && node.hash === hash.slice(0, KEPT_HASH);
  }

  /** The messages that count on the way to `endId`, oldest first. */
  path(endId: string | null): readonly string[] {
    if (endId === null) return [];
    const known = this.#paths.find((path) => path.endId === endId && path.version === this.#version);
    if (known) return known.ids;
    const ids = this.#grown(endId) ?? this.#walk(endId, () => false).ids;
    this.#paths = [
      { endId, version: this.#version, ids },
      ...this.#paths.filter((path) => path.version === this.#version),
    ].slice(0, MOST_PATHS);
    return ids;
  }

  /** A path that continues a known one. */
  #grown(endId: string): readonly string[] | undefined {
    const bases = new Map(
      this.#paths.filter((path) => path.version === this.#version).map((path) => [path.endId, path.ids]),
    );
    if (bases.size === 0) return undefined;
    let steps = 0;
    const { ids, stoppedAt } = this.#walk(endId, (id) => bases.has(id) || (steps += 1) > STEPS_BACK);
    const base = stoppedAt === null ? undefined : bases.get(stoppedAt);
    return base && [...base, ...ids];
  }

  #walk(endId: string, stops: (id: string) => boolean): { ids: string[]; stoppedAt: string | null } {
    const ids: string[] = [];
    let stoppedAt: string | null = null;
    for (let id: string | null = endId; id !== null;) {
      if (stops(id)) {
        stoppedAt = id;
        break;
      }
      const node: MirrorNode | undefined = this.#nodes.get(id);
      if (!node) break;
      if (node.known) ids.push(id);
      id = node.parentId;
    }
    return { ids: ids.reverse(), stoppedAt };
  }
}
