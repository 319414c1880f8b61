import type { MemorySummary } from '../../../contract/memory.ts';
import { estimateTokens } from '../../models/remote/estimate-tokens.ts';
import type { Storage } from '../../storage/storage.ts';
import type { CoveredView } from '../covered-view.ts';
import { languageOf } from '../facts/language-of.ts';
import type { RuleBook } from '../facts/rule-book.ts';
import type { Pair, Standpoint } from '../pair-view.ts';
import type { RecalledSummary } from '../turn-memory.ts';
import { chooseSummaries, type ToldSummary } from './choose-summaries.ts';
import { Covers, type HeldSummary } from './cover.ts';
import { listSummaries, type SummaryRecord, type SummarySentence } from './summary-store.ts';

/** Tokens where nobody says how many there may be. */
const USUAL_BUDGET = 600;

export interface SummaryMemoryOptions {
  storage: Pick<Storage, 'db'>;
  /** What must never be remembered. */
  rules: (pair: Pair) => Promise<RuleBook>;
  /** IANA name of where the person lives. */
  timeZone: string;
}

interface Seen {
  pair: Pair;
  view: CoveredView;
}

/** Running summaries as others read them. They are written by `summarise-conversation.ts`. */
export class SummaryMemory {
  readonly #options: SummaryMemoryOptions;
  readonly #covers = new Covers();

  constructor(options: SummaryMemoryOptions) {
    this.#options = options;
  }

  /** Every summary of the view's conversations, the newest first; `stale` ones no longer hold and are not to be shown. */
  async list({ pair, view }: Seen): Promise<{ summary: MemorySummary; stale: boolean }[]> {
    const [records, rules] = await Promise.all([
      listSummaries(this.#options.storage.db, {
        characterId: pair.characterId,
        conversationIds: view.conversationIds,
      }),
      this.#options.rules(pair),
    ]);
    const held = new Set(
      view.conversationIds.flatMap((id) => this.#covers.held(view, id, records)).map(({ record }) => record.id),
    );
    return records
      .map((record) => allowed(record, rules))
      .filter((record) => record.sentences.length > 0)
      .map((record) => ({ summary: toSummary(record, view), stale: !held.has(record.id) }))
      .toSorted((left, right) => right.summary.to - left.summary.to);
  }

  /** How things stand between the two, of the conversation in which they talked last; null where nothing says so. */
  async relationship(seen: Seen): Promise<MemorySummary | null> {
    const listed = await this.list(seen);
    return listed.find(({ summary, stale }) => !stale && summary.layer === 'relationship')?.summary ?? null;
  }

  /**
   * What is told of the time before `beforeId`, the oldest message in the model's window (null: it sees all of the
   * conversation, and only others are told of). The same list as long as `beforeId`, the room and what is stored do not
   * change.
   */
  async forPrompt({
    pair,
    view,
    standpoint,
    beforeId,
    budgetTokens = USUAL_BUDGET,
    countTokens = estimateTokens,
  }: Seen & {
    standpoint: Standpoint;
    beforeId: string | null;
    budgetTokens?: number;
    countTokens?: (text: string) => number;
  }): Promise<RecalledSummary[]> {
    const [stored, rules] = await Promise.all([
      listSummaries(this.#options.storage.db, {
        characterId: pair.characterId,
        conversationIds: view.conversationIds,
      }),
      this.#options.rules(pair),
    ]);
    const records = stored.map((record) => allowed(record, rules)).filter(({ sentences }) => sentences.length > 0);
    const before = beforeId === null ? 0 : this.#placeOf(view, standpoint.conversationId, beforeId);
    const own = this.#covers.held(view, standpoint.conversationId, records).filter(({ to }) => to < before);
    const others = view.conversationIds
      .filter((id) => id !== standpoint.conversationId)
      .map((id) => this.#covers.held(view, id, records))
      .filter((held) => held.length > 0)
      .toSorted((left, right) => lastTime(right, view) - lastTime(left, view));
    const cost = (told: ToldSummary): number => countTokens(this.#textOf(told, view));
    return chooseSummaries({ own, others, budgetTokens, cost }).map((told) => this.#recalled(told, view));
  }

  /** Where the window begins: a message that memory does not know (a picture, say) stands before the first later one. */
  #placeOf(view: CoveredView, conversationId: string, messageId: string): number {
    const place = this.#covers.place(view, conversationId, messageId);
    if (place !== undefined) return place;
    const later = view.path(conversationId).findIndex((id) => id >= messageId);
    return later === -1 ? view.path(conversationId).length : later;
  }

  #recalled(told: ToldSummary, view: CoveredView): RecalledSummary {
    const { id, layer, conversationId, fromId, toId } = told.summary.record;
    const messageIds = [...new Set(told.sentences.flatMap(({ sources }) => sources))];
    return {
      id,
      layer,
      text: this.#textOf(told, view),
      from: view.turn(fromId)?.at ?? 0,
      to: view.turn(toId)?.at ?? 0,
      conversationId,
      sources: messageIds.map((messageId) => ({ conversationId, messageId })),
    };
  }

  /** Dated by the day, never by how long ago: that would change the prompt every day. */
  #textOf({ summary: { record }, sentences }: ToldSummary, view: CoveredView): string {
    const text = joinSentences(sentences);
    const isChinese = languageOf(text) === 'zh';
    if (record.layer === 'relationship') return `- ${isChinese ? '两人之间：' : 'Between the two: '}${text}`;
    const format = new Intl.DateTimeFormat(isChinese ? 'zh-CN' : 'en', {
      dateStyle: 'long',
      timeZone: this.#options.timeZone,
    });
    return `- ${format.format(view.turn(record.fromId)?.at ?? record.createdAt)}${isChinese ? '：' : ': '}${text}`;
  }
}

/** In scripts that put spaces between sentences, with one. */
export function joinSentences(sentences: readonly SummarySentence[]): string {
  return sentences
    .map(({ text }) => text)
    .reduce(
      (joined, text) => (joined === '' ? text : `${joined}${/[。！？”」]$/u.test(joined) ? '' : ' '}${text}`),
      '',
    );
}

function allowed(record: SummaryRecord, rules: RuleBook): SummaryRecord {
  if (rules.isEmpty) return record;
  const sentences = record.sentences.filter(({ text, sources }) => !sources.some((id) => rules.forbids(id, text)));
  return { ...record, sentences };
}

function toSummary(record: SummaryRecord, view: CoveredView): MemorySummary {
  const { id, conversationId, layer, sentences, fromId, toId, messageCount, by, createdAt } = record;
  const from = view.turn(fromId)?.at ?? createdAt;
  return { id, conversationId, layer, sentences, from, to: view.turn(toId)?.at ?? from, messageCount, by, createdAt };
}

function lastTime(held: readonly HeldSummary[], view: CoveredView): number {
  return Math.max(...held.map(({ record }) => view.turn(record.toId)?.at ?? 0));
}
