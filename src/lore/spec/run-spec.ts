import { entryHash } from '../content-hash.ts';
import { GrowingTexts } from '../keys/growing-texts.ts';
import type { Activation, Candidate, Cut, LoreRun } from '../lore-run.ts';
import type { LoreState } from '../lore-state.ts';
import type { LoreBookInUse, LoreSlot } from '../lore-types.ts';
import { readDecorators, type Decorators } from './decorators.ts';
import { fitBudgets } from './fit-budgets.ts';
import { SpecKeyMatcher, type SpecHit } from './match-spec-keys.ts';
import { scannableContent, scannableMessage } from './scannable-text.ts';
import { rankOf, type SpecActivation, type SpecCandidate } from './spec-candidate.ts';

export interface SpecResult {
  /** By insertion order. */
  activations: Activation[];
  cuts: Cut[];
  disableUiPrompts: NonNullable<Decorators['disableUiPrompt']>[];
  state: Pick<LoreState, 'matched'>;
}

/** Rounds of recursion; a chain of entries that long would not fit any budget. */
const MAX_ROUNDS = 100;

type Reason = Pick<Activation, 'reason' | 'key'>;

/** Character Card V3 lorebooks over the books of mode `spec` (reference/characters.md §3). */
export async function runSpec(
  run: LoreRun,
  { books, budget }: { books: readonly LoreBookInUse[]; budget: number },
): Promise<SpecResult> {
  const scan = new SpecScan(run, books);
  const matched = await scan.match();
  const activations = await scan.activate(matched);
  const { kept, cuts } = fitBudgets(activations, {
    budget,
    contextIsFull: run.input.contextIsFull ?? false,
  });
  return {
    activations: kept,
    cuts: [...cuts, ...scan.cuts.values()],
    disableUiPrompts: [
      ...new Set(
        kept.map(({ candidate }) => candidate.decorators.disableUiPrompt).filter((name) => name !== undefined),
      ),
    ],
    state: { matched: scan.latches(matched.keys()) },
  };
}

class SpecScan {
  readonly cuts = new Map<Candidate, Cut>();
  readonly #run: LoreRun;
  readonly #candidates: SpecCandidate[];
  readonly #messages: string[];
  readonly #chats = new Map<number, GrowingTexts>();
  readonly #recursion = new GrowingTexts();
  /** By book: what entries say that trigger others of a book without recursion. */
  readonly #recursionOfBook = new Map<string, GrowingTexts>();
  readonly #unlucky = new Set<SpecCandidate>();

  constructor(run: LoreRun, books: readonly LoreBookInUse[]) {
    this.#run = run;
    this.#messages = run.input.messages.map(({ text }) => text);
    this.#candidates = run
      .candidatesOf(books)
      .map((candidate) => ({ ...candidate, ...readDecorators(candidate.entry.content) }));
  }

  async match(): Promise<Map<SpecCandidate, Reason>> {
    const matched = new Map<SpecCandidate, Reason>();
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const found: SpecCandidate[] = [];
      for (const candidate of this.#candidates) {
        if (this.#run.isBreathless) await this.#run.breathe();
        if (matched.has(candidate) || (round > 0 && !this.#recursionOf(candidate))) continue;
        if (this.#unlucky.has(candidate)) continue;
        const reason = this.#reasonOf(candidate, round > 0);
        if (!reason || !this.#isLucky(candidate)) continue;
        matched.set(candidate, reason);
        found.push(candidate);
      }
      if (found.length === 0) break;
      for (const candidate of found) this.#addRecursion(candidate);
      if (!this.#candidates.some((candidate) => this.#recursionOf(candidate))) break;
    }
    for (const candidate of matched.keys()) this.cuts.delete(candidate);
    return matched;
  }

  async activate(matched: ReadonlyMap<SpecCandidate, Reason>): Promise<SpecActivation[]> {
    const candidates = [...matched.keys()].sort(
      (one, other) => one.entry.order - other.entry.order || rankOf(other) - rankOf(one) || one.place - other.place,
    );
    const rendered = candidates.map(({ content }) => this.#run.input.renderMacros(content));
    const counts = rendered.length > 0 ? await this.#run.input.countTokens(rendered.map((text) => `${text}\n`)) : [];
    return candidates.flatMap((candidate, index) => {
      const text = rendered[index] ?? '';
      if (text.trim() === '') {
        this.cuts.set(candidate, { candidate, reason: 'empty', tokens: 0 });
        return [];
      }
      const reason = matched.get(candidate) ?? { reason: 'forced', key: null };
      return [{ candidate, text, tokens: counts[index] ?? 0, ...reason, ...this.#placeOf(candidate) }];
    });
  }

  /** Latches of the branch after this turn. */
  latches(matched: Iterable<SpecCandidate>): LoreState['matched'] {
    const latches = { ...this.#run.input.state.matched };
    for (const candidate of matched) {
      const { keepActivateAfterMatch, dontActivateAfterMatch } = candidate.decorators;
      if (keepActivateAfterMatch || dontActivateAfterMatch) latches[candidate.key] = entryHash(candidate.entry);
    }
    return latches;
  }

  #isRecursive({ book }: SpecCandidate): boolean {
    return book.body.recursiveScanning ?? this.#run.input.settings.world_info_recursive;
  }

  /** Texts of other entries that may trigger this one; null when none may. */
  #recursionOf(candidate: SpecCandidate): GrowingTexts | null {
    if (candidate.decorators.noRecursiveSearch) return null;
    return this.#isRecursive(candidate) ? this.#recursion : (this.#recursionOfBook.get(candidate.book.id) ?? null);
  }

  #addRecursion({ book, content, decorators }: SpecCandidate): void {
    if (content.trim() === '' || decorators.triggersOthers === false) return;
    const text = this.#run.input.renderMacros(scannableContent(content));
    this.#recursion.add(text);
    if (decorators.triggersOthers !== true) return;
    const own = this.#recursionOfBook.get(book.id) ?? new GrowingTexts();
    own.add(text);
    this.#recursionOfBook.set(book.id, own);
  }

  #reasonOf(candidate: SpecCandidate, inRecursion: boolean): Reason | null {
    const { entry, decorators } = candidate;
    if (!entry.enabled) return null;
    if (decorators.activate) return { reason: 'decorator', key: null };
    if (decorators.dontActivate) return null;
    if (decorators.dontActivateAfterMatch && this.#isLatched(candidate)) return null;
    if (decorators.keepActivateAfterMatch && this.#isLatched(candidate)) return { reason: 'decorator', key: null };
    if (!this.#conditionsHold(decorators)) return null;
    const matcher = new SpecKeyMatcher(this.#run, candidate, {
      chat: this.#chatOf(candidate),
      recursion: inRecursion ? this.#recursionOf(candidate) : null,
    });
    const hit = matcher.hit(decorators);
    if (!hit && matcher.timedOut) this.cuts.set(candidate, { candidate, reason: 'regex-timeout', tokens: 0 });
    return hit && reasonOf(hit);
  }

  /** The specification knows no chance; RisuAI's books and entries edited here do. */
  #isLucky(candidate: SpecCandidate): boolean {
    const { entry, decorators } = candidate;
    const probability = decorators.probability ?? (entry.useProbability ? entry.probability : 100);
    if (probability >= 100) return true;
    if (probability > 0 && this.#run.input.random() * 100 <= probability) return true;
    this.#unlucky.add(candidate);
    this.cuts.set(candidate, { candidate, reason: 'probability', tokens: 0 });
    return false;
  }

  #isLatched({ key, entry }: SpecCandidate): boolean {
    return this.#run.input.state.matched[key] === entryHash(entry);
  }

  #conditionsHold({ activateOnlyAfter, activateOnlyEvery, isGreeting, isUserIcon }: Decorators): boolean {
    const { input } = this.#run;
    const spoken = input.earlierAssistantMessages + input.messages.filter(({ role }) => role === 'assistant').length;
    if (activateOnlyAfter !== undefined && spoken < activateOnlyAfter) return false;
    if (activateOnlyEvery !== undefined && spoken % activateOnlyEvery !== 0) return false;
    if (isGreeting !== undefined && input.greetingIndex !== isGreeting) return false;
    return isUserIcon === undefined || input.userIcon === isUserIcon;
  }

  #chatOf({ book, entry, decorators }: SpecCandidate): GrowingTexts {
    const { settings } = this.#run.input;
    const depth = decorators.scanDepth ?? entry.scanDepth ?? book.body.scanDepth ?? settings.world_info_depth;
    const count = Math.min(this.#messages.length, Math.max(0, Math.floor(depth)));
    let texts = this.#chats.get(count);
    if (!texts) {
      const newest = count === 0 ? [] : this.#messages.slice(-count);
      this.#chats.set(count, (texts = new GrowingTexts(newest.map(scannableMessage))));
    }
    return texts;
  }

  /** `position` is above `depth`, which is above `reverse_depth`. Depths end where the chat begins. */
  #placeOf({ entry, decorators }: SpecCandidate): {
    slot: LoreSlot;
    depth: number | null;
    role: Activation['role'];
  } {
    const role = decorators.role ?? entry.role;
    const within = (depth: number) => Math.min(this.#run.messageCount, Math.max(0, Math.floor(depth)));
    if (decorators.position) return { slot: decorators.position, depth: null, role };
    if (decorators.depth !== undefined) return { slot: 'at-depth', depth: within(decorators.depth), role };
    if (decorators.reverseDepth !== undefined) {
      return { slot: 'reverse-depth', depth: within(decorators.reverseDepth), role };
    }
    return {
      slot: entry.position,
      depth: entry.position === 'at-depth' ? within(entry.depth) : null,
      role,
    };
  }
}

function reasonOf({ key, by }: SpecHit): Reason {
  return { reason: by, key };
}
