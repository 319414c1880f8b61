/** Places of each target on the ring: loads differ by a tenth with so many. */
const PLACES = 160;

export interface RingTarget {
  ref: string;
  /** A target of twice the weight has twice the places. */
  weight: number;
}

/** When a target counts as too busy (the defaults of vllm-router): above both. */
export interface LoadBounds {
  /** Calls under way. */
  most: number;
  /** Times the mean of all. */
  factor: number;
}

export const DEFAULT_LOAD_BOUNDS: LoadBounds = { most: 64, factor: 1.5 };

/**
 * Consistent hashing with bounded load (Mirrokni et al., arXiv 1608.01350): calls with one key meet the same target, so
 * that its cache of their prefix helps; one that is too busy hands on to the next on the ring; a target that comes or
 * goes moves only its own share of keys.
 */
export class PrefixRing {
  readonly #points: Uint32Array;
  readonly #refs: readonly string[];
  readonly #targets: readonly string[];

  constructor(targets: readonly RingTarget[]) {
    const least = Math.min(...targets.map(({ weight }) => weight));
    const places = targets.flatMap(({ ref, weight }) =>
      Array.from({ length: Math.min(PLACES * 16, Math.round((PLACES * weight) / least)) }, (_, place) => ({
        ref,
        point: hashPrefix(`${ref}#${place}`),
      })),
    );
    places.sort((a, b) => a.point - b.point || (a.ref < b.ref ? -1 : 1));
    this.#points = Uint32Array.from(places, ({ point }) => point);
    this.#refs = places.map(({ ref }) => ref);
    this.#targets = targets.map(({ ref }) => ref);
  }

  /** The first from the key on that admits calls and is not too busy; null where none admits any. */
  find({
    key,
    loadOf,
    admits,
    bounds = DEFAULT_LOAD_BOUNDS,
  }: {
    key: number;
    /** Calls under way. */
    loadOf: (ref: string) => number;
    admits: (ref: string) => boolean;
    bounds?: LoadBounds;
  }): string | null {
    const start = this.#from(key);
    const passed = new Set<string>();
    let own: string | null = null;
    for (let step = 0; step < this.#refs.length && passed.size < this.#targets.length; step += 1) {
      const ref = this.#refs[(start + step) % this.#refs.length];
      if (ref === undefined || passed.has(ref)) continue;
      passed.add(ref);
      if (!admits(ref)) continue;
      own ??= ref;
      const load = loadOf(ref);
      if (load < bounds.most || load <= bounds.factor * this.#meanLoad(loadOf, admits)) return ref;
    }
    return own;
  }

  #meanLoad(loadOf: (ref: string) => number, admits: (ref: string) => boolean): number {
    const loads = this.#targets.filter(admits).map(loadOf);
    return loads.reduce((all, load) => all + load, 0) / Math.max(1, loads.length);
  }

  #from(key: number): number {
    let low = 0;
    let high = this.#points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#points[middle] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** FNV-1a over the characters, mixed at the end (MurmurHash3's finalizer), 32 bits. */
export function hashPrefix(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
