export interface Candidate {
  slot: number;
  score: number;
}

/** Keeps the best `limit` of many candidates (a binary heap with the worst on top); `worse` orders any two. */
export class BestTurns {
  readonly #heap: Candidate[] = [];
  readonly #limit: number;
  readonly #worse: (a: Candidate, b: Candidate) => boolean;

  constructor(limit: number, worse: (a: Candidate, b: Candidate) => boolean) {
    this.#limit = limit;
    this.#worse = worse;
  }

  /** What a candidate needs to get in; -Infinity while there is room. */
  get worst(): number {
    return this.#heap.length < this.#limit ? -Infinity : (this.#heap[0]?.score ?? -Infinity);
  }

  offer(slot: number, score: number): void {
    const heap = this.#heap;
    const candidate = { slot, score };
    if (heap.length < this.#limit) {
      heap.push(candidate);
      this.#rise(heap.length - 1);
      return;
    }
    const worst = heap[0];
    if (!worst || score < worst.score || this.#worse(candidate, worst)) return;
    heap[0] = candidate;
    this.#sink();
  }

  /** Best first. */
  sorted(): Candidate[] {
    return this.#heap.toSorted((a, b) => (this.#worse(a, b) ? 1 : -1));
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#swapIfWorse(at, above)) return;
      at = above;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const left = at * 2 + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      if (!a) return;
      const child = b && this.#worse(b, a) ? left + 1 : left;
      if (!this.#swapIfWorse(child, at)) return;
      at = child;
    }
  }

  /** Swaps when the first place holds something worse than the second, which is above it. */
  #swapIfWorse(below: number, above: number): boolean {
    const heap = this.#heap;
    const [a, b] = [heap[below], heap[above]];
    if (!a || !b || !this.#worse(a, b)) return false;
    heap[below] = b;
    heap[above] = a;
    return true;
  }
}
