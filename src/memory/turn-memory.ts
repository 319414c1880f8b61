import type { FactAbout, MemoryReceipt } from '../../contract/memory.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { LivingView } from './pair-memory.ts';
import type { HousePairMemories } from './pair-memories.ts';
import type { Pair, Standpoint } from './pair-view.ts';
import type { ForbiddenWords, Passage, RecallService } from './recall-service.ts';

/** A fact as a reply may use it. */
export interface RecalledFact {
  id: string;
  about: FactAbout;
  text: string;
  saidAt: number;
  validFrom: number | null;
  validTo: number | null;
  certainty: 'certain' | 'likely' | 'claimed';
  pinned: boolean;
  /** An earlier fact about the same that this one followed, and the later one that followed it. */
  replacesId: string | null;
  replacedById: string | null;
  conversationId: string | null;
  sources: readonly { conversationId: string; messageId: string }[];
  score: number;
  words: string[];
}

/** Something to come, or just missed. */
export interface RecalledDate {
  id: string;
  text: string;
  dueAt: number;
  precision: string;
  conversationId: string | null;
  sources: readonly { conversationId: string; messageId: string }[];
}

/** A page of the character's diary. */
export interface RecalledPage {
  id: string;
  text: string;
  at: number;
  conversationId: string | null;
  sources: readonly { conversationId: string; messageId: string }[];
  score: number;
}

/** A summary as it stands in the prompt. */
export interface RecalledSummary {
  id: string;
  layer: string;
  text: string;
  from: number;
  to: number;
  conversationId: string;
  sources: readonly { conversationId: string; messageId: string }[];
}

interface Asked {
  pair: Pair;
  view: LivingView;
  now: number;
}

/** What memory is made of besides what was said; each part may be missing. */
export interface MemoryParts {
  facts: {
    relevant(asked: Asked & { texts: readonly string[]; limit: number }): Promise<RecalledFact[]>;
    /** Messages that facts rested on which the person put right, with the words that were wrong. */
    overruled(pair: Pair): Promise<ReadonlyMap<string, string>>;
  } | null;
  dates: { near(asked: Asked): Promise<RecalledDate[]> } | null;
  diary: { relevant(asked: Asked & { texts: readonly string[]; limit: number }): Promise<RecalledPage[]> } | null;
  /** The same list as long as `beforeId` and what is stored do not change. */
  summaries: {
    forPrompt(
      asked: Asked & {
        standpoint: Standpoint;
        /** Oldest message the model sees; null when it sees all. */
        beforeId: string | null;
        /** Tokens that may be told, estimated. */
        budgetTokens: number;
      },
    ): Promise<RecalledSummary[]>;
  } | null;
  rules: (pair: Pair) => Promise<ForbiddenWords>;
}

export interface TurnMemoryRequest {
  pair: Pair;
  standpoint: Standpoint;
  /** The person's last words first; weights as `RecallRequest` has them. */
  texts: readonly { text: string; speaker?: string; weight: number }[];
  names: readonly string[];
  timeZone: string;
  /** True where every 100 ms is heard. */
  spoken: boolean;
  signal: AbortSignal;
}

/** What a turn was given to remember by, the best first. */
export interface TurnRecall {
  passages: Passage[];
  facts: RecalledFact[];
  dates: RecalledDate[];
  pages: RecalledPage[];
  mode: MemoryReceipt['mode'];
  reason: MemoryReceipt['reason'];
  tookInMs: number;
}

/** What a prompt has room for. */
export interface RecallFor {
  /** Messages that the model sees anyway; null = only the summaries are asked for. */
  window: ReadonlySet<string> | null;
  /** Oldest message the model sees; null when it sees all. */
  beforeId: string | null;
  /** Tokens that the summaries may take. */
  budgetTokens: number;
}

/** Steady from turn to turn, and what matters now. */
export interface ToldToTurn {
  summaries: RecalledSummary[];
  recalled: TurnRecall;
}

/** How long a reply waits for a memory that is still being read, in milliseconds. */
const PATIENCE = { written: 1500, spoken: 200 } as const;
/** Candidates of each kind; the prompt's room decides how many are used. */
const MOST = { passages: 12, facts: 12, pages: 2 } as const;

/**
 * A passage that scores less, or less than that share of the best one, was found by chance. Every word of a question in
 * one turn gives about 1 (`rankTurns`).
 */
const LEAST_SCORE = 0.2;
const LEAST_SHARE = 0.35;

const NOTHING = { passages: [], facts: [], dates: [], pages: [] };

/** Memory as a reply asks for it: nothing here delays one for long, and nothing here fails one. */
export class TurnMemory {
  readonly #memories: HousePairMemories;
  readonly #recall: RecallService;
  readonly #parts: MemoryParts;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor({
    memories,
    recall,
    parts,
    clock,
    logger,
  }: {
    memories: HousePairMemories;
    recall: RecallService;
    parts: MemoryParts;
    clock: Clock;
    logger: Logger;
  }) {
    this.#memories = memories;
    this.#recall = recall;
    this.#parts = parts;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** All that a turn is told, seen once from one place. Without a window only what is steady from turn to turn. */
  async recall(request: TurnMemoryRequest, { window, ...told }: RecallFor): Promise<ToldToTurn> {
    const begun = this.#clock.monotonic();
    const took = () => this.#clock.monotonic() - begun;
    const nothing = (reason: TurnRecall['reason']): Omit<TurnRecall, 'tookInMs'> => ({
      ...NOTHING,
      mode: 'off',
      reason,
    });
    let view: LivingView | undefined;
    try {
      const patience = request.spoken ? PATIENCE.spoken : PATIENCE.written;
      view = await this.#memories.viewWithin(request.pair, request.standpoint, patience);
    } catch (error) {
      this.#goOn(error, request, 'a reply goes on without memory');
      return { summaries: [], recalled: { ...nothing('failed'), tookInMs: took() } };
    }
    if (!view) return { summaries: [], recalled: { ...nothing('loading'), tookInMs: took() } };
    const summaries = await this.#summaries(request, { view, ...told });
    const recalled =
      window === null
        ? nothing(null)
        : await this.#search(request, { view, window }).catch((error: unknown) => {
            this.#goOn(error, request, 'a reply goes on without memory');
            return nothing('failed');
          });
    return { summaries, recalled: { ...recalled, tookInMs: took() } };
  }

  async #summaries(
    { pair, standpoint, signal }: TurnMemoryRequest,
    { view, ...told }: Omit<RecallFor, 'window'> & { view: LivingView },
  ): Promise<RecalledSummary[]> {
    const { summaries } = this.#parts;
    if (!summaries) return [];
    try {
      return await summaries.forPrompt({ pair, view, standpoint, ...told, now: this.#clock.now() });
    } catch (error) {
      this.#goOn(error, { signal }, 'a reply goes on without summaries');
      return [];
    }
  }

  /** A fault of memory is noted and costs no reply; only who asked may end it. */
  #goOn(error: unknown, { signal }: Pick<TurnMemoryRequest, 'signal'>, note: string): void {
    signal.throwIfAborted();
    this.#logger.error({ error }, note);
  }

  async #search(
    { pair, texts, names, timeZone, spoken, signal }: TurnMemoryRequest,
    { view, window }: { view: LivingView; window: ReadonlySet<string> },
  ): Promise<Omit<TurnRecall, 'tookInMs'>> {
    const now = this.#clock.now();
    const forbidden = await this.#parts.rules(pair);
    const asked = { pair, view, now, texts: texts.map(({ text }) => text) };
    const overruled = (await this.#parts.facts?.overruled(pair)) ?? new Map<string, string>();
    const [recalled, facts, dates, pages] = await Promise.all([
      this.#recall.recall({
        pair,
        view,
        texts,
        exclude: { has: (id) => window.has(id) || isGreeting(view, id) || isOverruled(view, { id, overruled }) },
        forbidden,
        names,
        now,
        timeZone,
        limit: MOST.passages,
        spoken,
        signal,
      }),
      this.#parts.facts?.relevant({ ...asked, limit: MOST.facts }) ?? [],
      this.#parts.dates?.near({ pair, view, now }) ?? [],
      this.#parts.diary?.relevant({ ...asked, limit: MOST.pages }) ?? [],
    ]);
    // What the model reads in the talk itself need not be said again.
    const isSeen = ({ sources }: Pick<RecalledFact, 'sources'>): boolean =>
      sources.length > 0 && sources.every(({ messageId }) => window.has(messageId));
    const told = facts.filter((fact) => !isSeen(fact));
    const factSources = new Set(told.flatMap(({ sources }) => sources.map(({ messageId }) => messageId)));
    return {
      passages: withoutChance(recalled.passages).filter(({ turn }) => !factSources.has(turn.id)),
      facts: told,
      dates: dates.filter((date) => !isSeen(date)),
      pages,
      mode: recalled.mode,
      reason: view.alone ? 'company' : null,
    };
  }
}

function withoutChance(passages: readonly Passage[]): Passage[] {
  const least = Math.max(LEAST_SCORE, (passages[0]?.score ?? 0) * LEAST_SHARE);
  return passages.filter(({ score }) => score >= least);
}

/** What the card says at the beginning of every talk is no memory. */
function isGreeting(view: LivingView, id: string): boolean {
  const turn = view.index.get(id);
  return turn !== undefined && turn.parentId === null && !turn.byHuman;
}

/** True for a message that is hardly more than what the person put right since. */
function isOverruled(
  view: LivingView,
  { id, overruled }: { id: string; overruled: ReadonlyMap<string, string> },
): boolean {
  const quote = overruled.get(id);
  const turn = quote === undefined ? undefined : view.index.get(id);
  return turn !== undefined && (quote?.length ?? 0) * 2 > turn.text.length;
}
