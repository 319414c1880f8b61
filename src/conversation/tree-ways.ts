import type { Db } from '../storage/storage.ts';
import { readActiveDescent, readAncestors, type PathStep } from './message-store.ts';
import { laySteps, readLeads, readStepsDown, readStepsUp, type LongStep, type Place } from './waypoint-store.ts';

/** A step spans so many of the next smaller ones: few rows for each path, and few steps of each kind for each way. */
const BASE = 32;
/** Messages that a step spans; a step begins where the depth is a multiple of it. */
const SPANS = [1, BASE, BASE ** 2, BASE ** 3] as const;
const LONGEST = BASE ** 3;
/** Most paths part a message or two above their ends. */
const NEAR = 4;

/** A place on a way whose active child is not the next of the way. */
export interface WrongTurn {
  parent: Place;
  childId: string;
}

/**
 * Finds ways along a tree in a number of steps that hardly grows with its depth: from where the depth is a multiple of
 * 32 there are steps of 32 messages, at multiples of 1,024 such of 1,024, and so on. Steps that nobody laid yet are
 * found by shorter ones, and `lay` keeps them. Parents never change, so ways up stay true; who changes an active child
 * forgets the steps down that led over it (`stepsOver`).
 */
export class TreeWays {
  readonly #db: Db;
  readonly #conversationId: string;
  readonly #learnt = new Map<string, LongStep>();

  constructor(db: Db, conversationId: string) {
    this.#db = db;
    this.#conversationId = conversationId;
  }

  /** The ancestor at a depth, which is not below the message. */
  async above(from: Place, depth: number): Promise<Place> {
    let at = from;
    while (at.depth > depth) at = (await this.#stretch(at, depth)).line.at(-1) ?? at;
    return at;
  }

  /** Ancestors by steps of one span, nearest first, `from` included: one more than `count`. */
  async up(from: Place, { span, count }: { span: number; count: number }): Promise<Place[]> {
    if (span === 1) return this.#plainUp(from, count);
    const line = [from];
    for (let at = from; line.length <= count; at = line.at(-1) ?? at) {
      const known = this.#learnt.get(keyOf(span, at));
      const laid = known
        ? [known.upper]
        : await readStepsUp(this.#db, { fromId: at.id, span, limit: count + 1 - line.length });
      line.push(...(laid.length > 0 ? laid : [await this.#learnUp(at, span)]));
    }
    return line;
  }

  /** The nearest message that both stand below or are; null where they begin differently. */
  async meeting(one: Place, other: Place): Promise<Place | null> {
    const depth = Math.min(one.depth, other.depth);
    let [left, right] = [await this.above(one, depth), await this.above(other, depth)];
    if (left.id === right.id) return left;
    const near = await this.#meetBy(left, right, { span: 1, count: Math.min(NEAR, depth) });
    if (near.at !== null) return near.at;
    [left, right] = [near.left, near.right];
    for (const span of SPANS) {
      const count = span === LONGEST ? left.depth / span : (left.depth % (span * BASE)) / span;
      const met = await this.#meetBy(left, right, { span, count });
      if (met.at !== null) return met.at;
      [left, right] = [met.left, met.right];
    }
    return null;
  }

  /** Where active children have to change so that they lead from `top` to a message below it, nearest first. */
  async wrongTurns(from: Place, top: Place): Promise<WrongTurn[]> {
    const turns: WrongTurn[] = [];
    for (let at = from; at.depth > top.depth;) {
      const { line, span } = await this.#stretch(at, top.depth);
      turns.push(...(await this.#turnsOf(line, span)));
      at = line.at(-1) ?? top;
    }
    return turns;
  }

  /** The end of the way that the active children lead from a message. */
  async end(from: Place): Promise<Place> {
    let at = from;
    for (const span of SPANS) {
      const count = span === LONGEST ? Infinity : (BASE - ((at.depth / span) % BASE)) % BASE;
      const down = await this.#down(at, { span, count });
      if (down.ended) return down.at;
      at = down.at;
    }
    return at;
  }

  /** The beginnings of all steps that lead over or from a message, by their spans. */
  async stepsOver(at: Place): Promise<{ id: string; span: number }[]> {
    const steps: { id: string; span: number }[] = [];
    let above = at;
    for (const span of SPANS.slice(1)) {
      above = await this.above(above, above.depth - (above.depth % span));
      steps.push({ id: above.id, span });
    }
    return steps;
  }

  /** Looks for the steps that end at a message, along the active children, to be laid. */
  async learnTo(end: Place): Promise<void> {
    for (const span of SPANS.slice(1)) {
      if (end.depth === 0 || end.depth % span !== 0) return;
      await this.#turnsOf(await this.up(end, { span, count: 1 }), span);
    }
  }

  /** Keeps what was found by short steps. */
  async lay(): Promise<void> {
    const steps = [...this.#learnt.values()];
    this.#learnt.clear();
    if (steps.length > 0) await laySteps(this.#db, { conversationId: this.#conversationId, steps });
  }

  /** As far up towards a depth as one kind of step leads. */
  async #stretch(at: Place, depth: number): Promise<{ line: (Place | PathStep)[]; span: number }> {
    const span = SPANS.findLast((some) => at.depth % some === 0 && at.depth - some >= depth) ?? 1;
    const most = Math.floor((at.depth - depth) / span);
    const count = span === LONGEST ? most : Math.min(most, (at.depth / span) % BASE || BASE);
    return { line: await this.up(at, { span, count }), span };
  }

  async #plainUp(from: Place, count: number): Promise<PathStep[]> {
    const line = await readAncestors(this.#db, { fromId: from.id, limit: count + 1 });
    if (line.length <= count) throw new Error('A message has fewer ancestors than its depth says.');
    return line;
  }

  async #learnUp(lower: Place, span: number): Promise<Place> {
    const upper = (await this.up(lower, { span: span / BASE, count: BASE })).at(-1) ?? lower;
    this.#learn({ span, upper: { id: upper.id, depth: upper.depth }, lower, led: false });
    return upper;
  }

  #learn(step: LongStep): void {
    const key = keyOf(step.span, step.lower);
    this.#learnt.set(key, { ...step, led: step.led || (this.#learnt.get(key)?.led ?? false) });
  }

  /** Two that differ at one depth climb side by side; where they meet, in ever shorter steps. */
  async #meetBy(
    left: Place,
    right: Place,
    { span, count }: { span: number; count: number },
  ): Promise<{ at: Place | null; left: Place; right: Place }> {
    if (count === 0) return { at: null, left, right };
    const lefts = await this.up(left, { span, count });
    const rights = await this.up(right, { span, count });
    const met = lefts.findIndex(({ id }, index) => id === rights[index]?.id);
    const before = met < 0 ? lefts.length - 1 : met - 1;
    const [last, beside] = [lefts[before] ?? left, rights[before] ?? right];
    if (met < 0) return { at: null, left: last, right: beside };
    if (span === 1) return { at: lefts[met] ?? null, left, right };
    return this.#meetBy(last, beside, { span: span / BASE, count: BASE });
  }

  async #turnsOf(line: readonly (Place | PathStep)[], span: number): Promise<WrongTurn[]> {
    const uppers = line.slice(1);
    const leads = span === 1 ? null : await readLeads(this.#db, { ids: uppers.map(({ id }) => id), span });
    const turns: WrongTurn[] = [];
    for (const [index, upper] of uppers.entries()) {
      const lower = line[index];
      if (!lower) continue;
      if (leads === null) {
        const isWrong = 'activeChildId' in upper && upper.activeChildId !== lower.id;
        if (isWrong) turns.push({ parent: upper, childId: lower.id });
      } else if (leads.get(upper.id) !== lower.id) {
        const short = await this.up(lower, { span: span / BASE, count: BASE });
        const some = await this.#turnsOf(short, span / BASE);
        if (some.length === 0) this.#learn({ span, upper: placeOf(upper), lower: placeOf(lower), led: true });
        turns.push(...some);
      }
    }
    return turns;
  }

  /** Down along the active children by steps of one span; where none is known, by shorter ones. */
  async #down(from: Place, { span, count }: { span: number; count: number }): Promise<{ at: Place; ended: boolean }> {
    if (span === 1) {
      const line = count === 0 ? [from] : await readActiveDescent(this.#db, { fromId: from.id, limit: count + 1 });
      return { at: line.at(-1) ?? from, ended: line.length <= count };
    }
    let at = from;
    for (let done = 0; done < count;) {
      const limit = Math.min(count - done, LONGEST);
      const laid = await readStepsDown(this.#db, { fromId: at.id, span, limit });
      at = laid.at(-1) ?? at;
      done += laid.length;
      if (done >= count) break;
      const short = await this.#down(at, { span: span / BASE, count: BASE });
      if (short.ended) return short;
      this.#learn({ span, upper: at, lower: short.at, led: true });
      at = short.at;
      done += 1;
    }
    return { at, ended: false };
  }
}

function keyOf(span: number, { id }: Place): string {
  return `${span} ${id}`;
}

function placeOf({ id, depth }: Place): Place {
  return { id, depth };
}
