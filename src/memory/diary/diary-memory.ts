import { newDiaryEntrySchema, type DiaryEntry, type NewDiaryEntry } from '../../../contract/memory.ts';
import type { Clock } from '../../base/clock.ts';
import { NotFoundError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import type { Storage, Trx } from '../../storage/storage.ts';
import { coveredHash, type CoveredView } from '../covered-view.ts';
import type { RuleBook } from '../facts/rule-book.ts';
import type { Pair } from '../pair-view.ts';
import { shareOfTerms } from '../share-of-terms.ts';
import type { RecalledPage } from '../turn-memory.ts';
import { deletePage, insertPage, listPages, readPage, updatePageText, type DiaryPage } from './diary-store.ts';

/** Below that share of what was asked, a page is only like it by chance. */
const LEAST_SHARE = 0.2;

export interface DiaryMemoryOptions {
  storage: Pick<Storage, 'db' | 'transaction'>;
  clock: Clock;
  newId: NewId;
  /** What must never be remembered. */
  rules: (pair: Pair) => Promise<RuleBook>;
}

/** Joins the transaction of a change, for what else has to happen with it. */
type Join = (trx: Trx) => Promise<void>;

interface OwnPage {
  ownerId: string;
  id: string;
  join?: Join;
}

/** A character's diary about a person: written by the character, read and changed by the person. */
export class DiaryMemory {
  readonly #options: DiaryMemoryOptions;

  constructor(options: DiaryMemoryOptions) {
    this.#options = options;
  }

  /** Every page, the newest first, and whether what it tells of counts in the view. */
  async list({ pair, view }: { pair: Pair; view: CoveredView }): Promise<DiaryEntry[]> {
    const [pages, rules] = await Promise.all([listPages(this.#options.storage.db, pair), this.#options.rules(pair)]);
    return pages.map((page) => toEntry(page, countsIn(view, page) && !isForbidden(page, rules)));
  }

  /** Pages that matter to what is being said, `texts` newest first; the best first. */
  async relevant({
    pair,
    view,
    texts,
    limit,
  }: {
    pair: Pair;
    view: CoveredView;
    texts: readonly string[];
    limit: number;
  }): Promise<RecalledPage[]> {
    const [question = ''] = texts;
    if (question.trim() === '') return [];
    return (await this.list({ pair, view }))
      .filter(({ counts }) => counts)
      .map((entry) => ({ entry, score: shareOfTerms(question, entry.text) }))
      .filter(({ score }) => score >= LEAST_SHARE)
      .toSorted((left, right) => right.score - left.score || right.entry.at - left.entry.at)
      .slice(0, limit)
      .map(({ entry: { id, text, at, conversationId, sources }, score }) => ({
        id,
        text,
        at,
        conversationId,
        sources: conversationId === null ? [] : sources.map((messageId) => ({ conversationId, messageId })),
        score,
      }));
  }

  /** Throws `NotFoundError` (`page-missing`). */
  async read({ ownerId, id }: OwnPage): Promise<DiaryPage> {
    const page = await readPage(this.#options.storage.db, { id, ownerId });
    if (!page) throw new NotFoundError('There is no such page of the diary.', { code: 'page-missing' });
    return page;
  }

  /** Keeps a page that the person wrote. */
  async add(pair: Pair, input: NewDiaryEntry, join?: Join): Promise<DiaryEntry> {
    const { text, at } = newDiaryEntrySchema.parse(input);
    const now = this.#options.clock.now();
    const page: DiaryPage = {
      id: this.#options.newId(),
      ownerId: pair.ownerId,
      characterId: pair.characterId,
      conversationId: null,
      text,
      sources: [],
      coveredHash: '',
      by: 'user',
      at: at ?? now,
      createdAt: now,
      updatedAt: now,
    };
    await this.#options.storage.transaction(async (trx) => {
      await insertPage(trx, page);
      await join?.(trx);
    });
    return toEntry(page, true);
  }

  /** The person's words instead of what stood there; the page still goes with the messages it tells of. */
  async change({ text, ...own }: OwnPage & { text: string }): Promise<DiaryPage> {
    await this.read(own);
    await this.#options.storage.transaction(async (trx) => {
      await updatePageText(trx, { id: own.id, text, updatedAt: this.#options.clock.now() });
      await own.join?.(trx);
    });
    return this.read(own);
  }

  async remove(own: OwnPage): Promise<void> {
    await this.read(own);
    await this.#options.storage.transaction(async (trx) => {
      await deletePage(trx, own.id);
      await own.join?.(trx);
    });
  }
}

function countsIn(view: CoveredView, { sources, coveredHash: expected }: DiaryPage): boolean {
  if (sources.length === 0) return view.alone !== true;
  return coveredHash(view, sources) === expected;
}

function isForbidden({ by, text, sources }: DiaryPage, rules: RuleBook): boolean {
  if (rules.isEmpty) return false;
  return sources.some((id) => rules.forbids(id, '')) || (by === 'character' && rules.forbidsWords(text));
}

function toEntry(page: DiaryPage, counts: boolean): DiaryEntry {
  const { id, conversationId, text, by, at, sources, updatedAt } = page;
  return { id, conversationId, text, by, at, sources, counts, updatedAt };
}
