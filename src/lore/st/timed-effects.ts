import { entryHash } from '../content-hash.ts';
import type { Candidate, LoreRun } from '../lore-run.ts';
import type { LoreState, TimedEffect } from '../lore-state.ts';

type Kind = 'sticky' | 'cooldown';

/**
 * SillyTavern's timed effects, counted in messages. States of an entry: none → (fires) sticky and cooldown begin →
 * (sticky ends) cooldown begins anew, protected → (cooldown ends) none. An effect is dropped when the chat has not
 * grown since it began (a swipe, a deletion), when the entry was edited or lost its duration, and when it is over.
 */
export class TimedEffects {
  readonly #run: LoreRun;
  readonly #state: LoreState;
  readonly #active: Record<Kind, Set<string>> = { sticky: new Set(), cooldown: new Set() };

  constructor(run: LoreRun, candidates: readonly Candidate[]) {
    this.#run = run;
    const { sticky, cooldown, matched } = run.input.state;
    this.#state = { sticky: { ...sticky }, cooldown: { ...cooldown }, matched };
    const byKey = new Map(candidates.map((candidate) => [candidate.key, candidate]));
    for (const kind of ['sticky', 'cooldown'] as const) {
      for (const [key, effect] of Object.entries(this.#state[kind])) this.#review({ kind, key, effect, byKey });
    }
  }

  isActive(kind: Kind, { key }: Candidate): boolean {
    return this.#active[kind].has(key);
  }

  isDelayed({ entry }: Candidate): boolean {
    return entry.delay !== null && entry.delay > 0 && this.#run.messageCount < entry.delay;
  }

  /** What the fired entries begin; an effect under way is not prolonged. */
  begin(fired: readonly Candidate[]): Pick<LoreState, Kind> {
    for (const candidate of fired) {
      for (const kind of ['sticky', 'cooldown'] as const) {
        if (candidate.key in this.#state[kind]) continue;
        const effect = this.#effectOf(kind, candidate, false);
        if (effect) this.#state[kind][candidate.key] = effect;
      }
    }
    return { sticky: this.#state.sticky, cooldown: this.#state.cooldown };
  }

  #effectOf(kind: Kind, { entry }: Candidate, isProtected: boolean): TimedEffect | null {
    const duration = entry[kind];
    if (duration === null || !(duration > 0)) return null;
    const start = this.#run.messageCount;
    return { hash: entryHash(entry), start, end: start + duration, protected: isProtected };
  }

  #review({
    kind,
    key,
    effect,
    byKey,
  }: {
    kind: Kind;
    key: string;
    effect: TimedEffect;
    byKey: Map<string, Candidate>;
  }) {
    const count = this.#run.messageCount;
    const candidate = byKey.get(key);
    const isOver = count >= effect.end;
    // The book is not in use at the moment; its effects run on.
    if (!candidate) {
      if (isOver) delete this.#state[kind][key];
      return;
    }
    const hasNotGrown = count <= effect.start && !effect.protected;
    const duration = candidate.entry[kind];
    if (hasNotGrown || effect.hash !== entryHash(candidate.entry) || duration === null || !(duration > 0)) {
      delete this.#state[kind][key];
      return;
    }
    if (!isOver) {
      this.#active[kind].add(key);
      return;
    }
    delete this.#state[kind][key];
    if (kind === 'sticky') this.#beginCooldown(candidate);
  }

  /** At the end of a sticky time, in effect at once. */
  #beginCooldown(candidate: Candidate): void {
    const effect = this.#effectOf('cooldown', candidate, true);
    if (!effect) return;
    this.#state.cooldown[candidate.key] = effect;
    this.#active.cooldown.add(candidate.key);
  }
}
