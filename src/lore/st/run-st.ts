import type { Activation, Candidate, Cut, LoreRun } from '../lore-run.ts';
import type { LoreState } from '../lore-state.ts';
import type { LoreBookInUse } from '../lore-types.ts';
import { survivorsOfGroups } from './inclusion-groups.ts';
import { matchStKeys, scoreStKeys } from './match-st-keys.ts';
import { readStContent, type StContent } from './st-decorators.ts';
import { stOrder } from './st-order.ts';
import { StScanText, type StPhase } from './st-scan-text.ts';
import { TimedEffects } from './timed-effects.ts';

export interface StResult {
  /** In the order in which they fired. */
  activations: Activation[];
  cuts: Cut[];
  state: Pick<LoreState, 'sticky' | 'cooldown'>;
}

/** Loops in which an entry triggers the next; no chain that somebody wrote is that long. Deepening has its own end. */
const MAX_RECURSIONS = 100;

type Reason = Pick<Activation, 'reason' | 'key'>;

/** SillyTavern's world-info engine over the books of mode `st` (reference/characters.md §4). */
export async function runSt(
  run: LoreRun,
  { books, budget, spent }: { books: readonly LoreBookInUse[]; budget: number; spent: number },
): Promise<StResult> {
  const scan = new StScan(run, { books, budget, spent });
  await scan.loop();
  return scan.result();
}

class StScan {
  readonly #run: LoreRun;
  readonly #entries: Candidate[];
  readonly #texts: StScanText;
  readonly #effects: TimedEffects;
  readonly #budget: number;
  readonly #contents = new Map<Candidate, StContent>();
  readonly #active = new Map<Candidate, Activation>();
  readonly #cuts = new Map<Candidate, Cut>();
  /** Not tried again this turn. */
  readonly #failedRolls = new Set<Candidate>();
  readonly #delayLevels: number[];
  #level: number;
  #total: number;
  #overflowed = false;

  constructor(
    run: LoreRun,
    { books, budget, spent }: { books: readonly LoreBookInUse[]; budget: number; spent: number },
  ) {
    this.#run = run;
    this.#entries = stOrder(run.candidatesOf(books), run.input.settings.world_info_character_strategy);
    this.#texts = new StScanText(run.input);
    this.#effects = new TimedEffects(run, this.#entries);
    this.#budget = budget;
    this.#total = spent;
    const levels = this.#entries.map(({ entry }) => entry.delayUntilRecursion).filter((level) => level > 0);
    this.#delayLevels = [...new Set(levels)].sort((one, other) => one - other);
    this.#level = this.#delayLevels.shift() ?? 0;
  }

  async loop(): Promise<void> {
    const maxSteps = this.#run.input.settings.world_info_max_recursion_steps || Number.POSITIVE_INFINITY;
    let phase: StPhase | null = 'initial';
    let recursions = 0;
    for (let step = 0; phase && step < maxSteps && recursions <= MAX_RECURSIONS; step += 1) {
      const matched = await this.#match(phase);
      const entered = await this.#enter(matched, phase);
      phase = this.#next(phase, entered);
      if (entered.length > 0 && phase === 'recursion') recursions += 1;
    }
  }

  result(): StResult {
    const activations = [...this.#active.values()];
    for (const activation of activations) {
      if (activation.text === '') {
        this.#cuts.set(activation.candidate, {
          candidate: activation.candidate,
          reason: 'empty',
          tokens: 0,
        });
      } else this.#cuts.delete(activation.candidate);
    }
    return {
      activations: activations.filter(({ text }) => text !== ''),
      cuts: [...this.#cuts.values()],
      state: this.#effects.begin([...this.#active.keys()]),
    };
  }

  async #match(phase: StPhase): Promise<Map<Candidate, Reason>> {
    const matched = new Map<Candidate, Reason>();
    for (const candidate of this.#entries) {
      if (this.#run.isBreathless) await this.#run.breathe();
      if (this.#active.has(candidate) || this.#failedRolls.has(candidate)) continue;
      if (!this.#isConcerned(candidate)) continue;
      const held = this.#heldBack(candidate);
      if (held) {
        if (phase === 'initial' && this.#reasonOf(candidate, phase)) this.#cut(candidate, held);
        continue;
      }
      if (!this.#mayFireIn(phase, candidate)) continue;
      const reason = this.#reasonOf(candidate, phase);
      if (reason) matched.set(candidate, reason);
    }
    return matched;
  }

  /** Enabled, and meant for this character and kind of reply. */
  #isConcerned({ entry }: Candidate): boolean {
    const { character, trigger } = this.#run.input;
    if (!entry.enabled) return false;
    const filter = entry.characterFilter;
    if (filter && filter.names.length > 0 && filter.names.includes(character.name) === filter.isExclude) return false;
    if (filter && filter.tags.length > 0) {
      const hasTag = filter.tags.some((tag) => character.tags.includes(tag));
      if (hasTag === filter.isExclude) return false;
    }
    return entry.triggers.length === 0 || entry.triggers.includes(trigger);
  }

  #heldBack(candidate: Candidate): 'delay' | 'cooldown' | null {
    if (this.#effects.isDelayed(candidate)) return 'delay';
    const isCooling = this.#effects.isActive('cooldown', candidate);
    return isCooling && !this.#effects.isActive('sticky', candidate) ? 'cooldown' : null;
  }

  /** The recursion flags; a sticky entry is above them. */
  #mayFireIn(phase: StPhase, candidate: Candidate): boolean {
    const { entry } = candidate;
    if (this.#effects.isActive('sticky', candidate)) return true;
    if (phase !== 'recursion') return entry.delayUntilRecursion <= 0;
    if (entry.delayUntilRecursion > this.#level) return false;
    return !(entry.excludeRecursion && this.#run.input.settings.world_info_recursive);
  }

  #reasonOf(candidate: Candidate, phase: StPhase): Reason | null {
    const { entry } = candidate;
    const content = this.#contentOf(candidate);
    if (content.activate) return { reason: 'decorator', key: null };
    if (content.dontActivate) return null;
    if (entry.constant) return { reason: 'constant', key: null };
    if (this.#effects.isActive('sticky', candidate)) return { reason: 'sticky', key: null };
    if (entry.keys.length === 0) return null;
    const scanned = this.#texts.textFor(entry, phase);
    if (!scanned) return null;
    const { hit, timedOut } = matchStKeys(this.#run, candidate, scanned);
    if (!hit) {
      if (timedOut) this.#cut(candidate, 'regex-timeout');
      return null;
    }
    return { reason: phase === 'recursion' ? 'recursion' : hit.by, key: hit.key };
  }

  /** Groups, probability and budget, in list order with sticky entries first. Returns what went in. */
  async #enter(matched: ReadonlyMap<Candidate, Reason>, phase: StPhase): Promise<Activation[]> {
    const isSticky = (candidate: Candidate) => this.#effects.isActive('sticky', candidate);
    const listed = [...matched.keys()];
    const ordered = [...listed.filter(isSticky), ...listed.filter((candidate) => !isSticky(candidate))];
    const { settings, random } = this.#run.input;
    const survivors = survivorsOfGroups(ordered, this.#active.keys(), {
      isSticky,
      score: (candidate) => scoreStKeys(this.#run, candidate, this.#texts.textFor(candidate.entry, phase)),
      scoreByDefault: settings.world_info_use_group_scoring,
      random,
    });
    const kept = new Set(survivors);
    for (const candidate of ordered) if (!kept.has(candidate)) this.#cut(candidate, 'group');
    const lucky = survivors.filter((candidate) => isSticky(candidate) || this.#isLucky(candidate));
    return this.#admit(await this.#activationsOf(lucky, matched));
  }

  #isLucky(candidate: Candidate): boolean {
    const { useProbability, probability } = candidate.entry;
    if (!useProbability || probability >= 100) return true;
    if (probability > 0 && this.#run.input.random() * 100 <= probability) return true;
    this.#failedRolls.add(candidate);
    this.#cut(candidate, 'probability');
    return false;
  }

  async #activationsOf(
    candidates: readonly Candidate[],
    matched: ReadonlyMap<Candidate, Reason>,
  ): Promise<Activation[]> {
    const texts = candidates.map((candidate) => this.#run.input.renderMacros(this.#contentOf(candidate).content));
    // Entries stand on lines of their own.
    const counts = texts.length > 0 ? await this.#run.input.countTokens(texts.map((text) => `${text}\n`)) : [];
    return candidates.map((candidate, index) => {
      const { entry } = candidate;
      const text = texts[index] ?? '';
      return {
        candidate,
        text,
        tokens: text === '' ? 0 : (counts[index] ?? 0),
        ...(matched.get(candidate) ?? { reason: 'forced', key: null }),
        slot: entry.position,
        depth: entry.position === 'at-depth' ? Math.max(0, entry.depth) : null,
        role: entry.role,
      };
    });
  }

  /** The running total must stay below the budget; from the first that would not, only `ignoreBudget` enters. */
  #admit(activations: readonly Activation[]): Activation[] {
    const entered: Activation[] = [];
    for (const activation of activations) {
      const { candidate, tokens } = activation;
      if (!candidate.entry.ignoreBudget && (this.#overflowed || this.#total + tokens >= this.#budget)) {
        this.#overflowed = true;
        this.#cut(candidate, 'budget', tokens);
        continue;
      }
      this.#total += tokens;
      this.#active.set(candidate, activation);
      entered.push(activation);
    }
    return entered;
  }

  #next(phase: StPhase, entered: readonly Activation[]): StPhase | null {
    const { settings } = this.#run.input;
    const spoken = entered.filter(({ candidate }) => !candidate.entry.preventRecursion);
    const mayRecurse = settings.world_info_recursive && !this.#overflowed;
    let next: StPhase | null = null;
    if (mayRecurse && (spoken.length > 0 || (phase === 'min-activations' && this.#texts.hasRecursion))) {
      next = 'recursion';
    }
    if (!next && this.#wantsMore() && this.#texts.deepen()) next = 'min-activations';
    const level = next ? undefined : this.#delayLevels.shift();
    if (level !== undefined) {
      next = 'recursion';
      this.#level = level;
    }
    if (next) this.#texts.addRecursion(spoken.map(({ text }) => text).join('\n'));
    return next;
  }

  /** A limit of recursion steps and a number of activations to reach exclude each other; the limit wins. */
  #wantsMore(): boolean {
    const { world_info_min_activations: wanted, world_info_max_recursion_steps: maxSteps } = this.#run.input.settings;
    return wanted > 0 && maxSteps === 0 && !this.#overflowed && this.#active.size < wanted;
  }

  #contentOf(candidate: Candidate): StContent {
    let content = this.#contents.get(candidate);
    if (!content) this.#contents.set(candidate, (content = readStContent(candidate.entry.content)));
    return content;
  }

  #cut(candidate: Candidate, reason: Cut['reason'], tokens = 0): void {
    this.#cuts.set(candidate, { candidate, reason, tokens });
  }
}
