import type { OnAccount } from '../../models/billing/bill.ts';
import { setImmediate as nextTick } from 'node:timers/promises';
import type { Passage } from '../../../contract/attachments.ts';
import { readPassages } from '../../conversation/attachment-store.ts';
import type { Db } from '../../storage/storage.ts';
import { rankTurns } from '../recall/rank-turns.ts';
import type { RecallQuery } from '../recall/recall-query.ts';
import type { RecallView } from '../recall/recall-view.ts';
import { TurnIndex } from '../recall/turn-index.ts';
import type { PassageMeaning } from './passage-meaning.ts';

/** Sets of files whose index is held; each belongs to a conversation that is talked in. */
const MOST_HELD = 12;
/** Passages indexed before others get their turn: indexing a book must not hold up the house. */
const INDEXED_AT_ONCE = 100;
const READ_AT_ONCE = 500;

/** A passage of a file, and how well it fits a question; 0 where nothing was asked. */
export interface FoundPassage extends Passage {
  attachmentId: string;
  score: number;
}

export interface IndexedFile {
  id: string;
  name: string;
  passages: number;
  createdAt: number;
}

interface Held {
  index: TurnIndex;
  view: RecallView;
  passages: Map<string, FoundPassage>;
}

/**
 * Finds passages of files by the engine that finds memories: words in any script, their neighbours, their rarity, and
 * what they mean where an embedding model read them.
 */
export class PassageFinder {
  readonly #db: Db;
  readonly #meaning: PassageMeaning | null;
  readonly #held = new Map<string, Promise<Held>>();

  constructor({ db, meaning }: { db: Db; meaning: PassageMeaning | null }) {
    this.#db = db;
    this.#meaning = meaning;
  }

  /** The best passages for a question, best first. */
  async find(
    files: readonly IndexedFile[],
    {
      query,
      account,
      limit,
      spoken,
      signal,
    }: { query: RecallQuery; account: OnAccount; limit: number; spoken: boolean; signal: AbortSignal },
  ): Promise<FoundPassage[]> {
    const text = query.texts[0]?.text ?? '';
    const [{ index, view, passages }, vectors] = await Promise.all([
      this.#hold(files),
      this.#meaning?.similar({ files, text, account, spoken, signal }) ?? null,
    ]);
    signal.throwIfAborted();
    const ranked = rankTurns(index, { view, query, exclude: new Set(), vectors, limit });
    return ranked.flatMap(({ id, score }) => {
      const passage = passages.get(id);
      return passage ? [{ ...passage, score }] : [];
    });
  }

  /** Every passage of the files, in their order. */
  async all(files: readonly IndexedFile[]): Promise<FoundPassage[]> {
    return [...(await this.#hold(files)).passages.values()];
  }

  #hold(files: readonly IndexedFile[]): Promise<Held> {
    const key = files.map(({ id }) => id).join(' ');
    const known = this.#held.get(key);
    const held = known ?? this.#build(files);
    this.#held.delete(key);
    this.#held.set(key, held);
    // What could not be read is read anew when somebody asks again.
    held.catch(() => this.#held.delete(key));
    const oldest = this.#held.keys().next().value;
    if (this.#held.size > MOST_HELD && oldest !== undefined) this.#held.delete(oldest);
    return held;
  }

  async #build(files: readonly IndexedFile[]): Promise<Held> {
    const index = new TurnIndex();
    const passages: Held['passages'] = new Map();
    const chains: string[][] = [];
    for (const file of files) {
      const chain: string[] = [];
      for (let from = 0; ; from += READ_AT_ONCE) {
        const page = await readPassages(this.#db, { attachmentId: file.id, from, limit: READ_AT_ONCE });
        for (const passage of page) {
          const id = `${file.id}:${passage.position}`;
          passages.set(id, { ...passage, attachmentId: file.id, score: 0 });
          index.put({
            id,
            parentId: chain.at(-1) ?? null,
            conversationId: file.id,
            depth: passage.position,
            speaker: file.name,
            byHuman: false,
            text: passage.text,
            at: file.createdAt,
          });
          chain.push(id);
          if (chain.length % INDEXED_AT_ONCE === 0) await nextTick();
        }
        if (page.length < READ_AT_ONCE) break;
      }
      chains.push(chain);
    }
    return { index, view: index.view(chains), passages };
  }
}
