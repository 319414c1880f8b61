import type { ChangeFact, FactAbout, MemoryFact, MemoryFactList, NewFact } from '../../../contract/memory.ts';
import type { Actor } from '../../accounts/actor.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { FactRecord, FactState } from '../../memory/facts/fact-record.ts';
import { foldWords } from '../../memory/facts/fold-words.ts';
import { FactRanker } from '../../memory/facts/rank-facts.ts';
import { requirePair, type MemoriesContext } from './memories-context.ts';
import { presentFacts, type SeenFact } from './present-facts.ts';

export interface ListFacts {
  query?: string | undefined;
  about?: FactAbout | undefined;
  state?: FactState | undefined;
  /** False = those whose sources are off their path, or that a rule forbids. */
  counts?: boolean | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** What a character knows, fact by fact, as its person sees and changes it. */
export class RememberedFacts {
  readonly #context: MemoriesContext;
  readonly #ranker = new FactRanker();

  constructor(context: MemoriesContext) {
    this.#context = context;
  }

  /** Newest first; with a query the best first. */
  async list(actor: Actor, characterId: string, asked: ListFacts): Promise<MemoryFactList> {
    const { storage, facts, memories } = this.#context;
    const { pair } = await requirePair(this.#context, actor, characterId);
    const view = await memories.view(pair);
    const all = (await facts.allFacts(pair, view)).filter((one) => isAsked(one, asked)).toReversed();
    const wanted = asked.query?.trim() ? this.#search(all, asked.query) : all;
    const begin = asked.cursor === undefined ? 0 : placeAfter(wanted, asked.cursor);
    const page = wanted.slice(begin, begin + asked.limit);
    return {
      facts: await presentFacts(storage.db, { view, seen: page }),
      nextCursor: begin + asked.limit < wanted.length ? (page.at(-1)?.fact.id ?? null) : null,
    };
  }

  /** Words that are in them, then those that are about the same. */
  #search(seen: readonly SeenFact[], query: string): SeenFact[] {
    const words = foldWords(query);
    const isNamed = ({ fact: { text, subject, quote } }: SeenFact): boolean =>
      words !== '' && foldWords(`${subject}\n${text}\n${quote}`).includes(words);
    const ranked = this.#ranker.rank(
      seen.map(({ fact }) => fact),
      { texts: [query], now: this.#context.clock.now(), limit: seen.length },
    );
    const scores = new Map(ranked.map(({ fact, score }) => [fact.id, score]));
    const scoreOf = (one: SeenFact): number => (scores.get(one.fact.id) ?? 0) + (isNamed(one) ? 1 : 0);
    return seen.filter((one) => scoreOf(one) > 0).toSorted((left, right) => scoreOf(right) - scoreOf(left));
  }

  async add(actor: Actor, characterId: string, input: NewFact): Promise<MemoryFact> {
    const { facts, events } = this.#context;
    const { pair } = await requirePair(this.#context, actor, characterId);
    requireSpan(input);
    const record = await facts.addByUser(pair, input, (trx) =>
      events.append(trx, {
        type: 'memory-add',
        actorId: actor.userId,
        subjectId: characterId,
        payload: { pinned: input.pinned === true },
      }),
    );
    return this.#present(record);
  }

  async change(actor: Actor, id: string, change: ChangeFact): Promise<MemoryFact> {
    const { facts, events } = this.#context;
    const own = { ownerId: actor.userId, id };
    const before = await facts.read(own);
    requireSpan({ ...before, ...withoutUndefined(change) });
    const record = await facts.change({
      ...own,
      change,
      join: (trx) =>
        events.append(trx, {
          type: 'memory-change',
          actorId: actor.userId,
          subjectId: before.characterId,
          payload: { factId: id, changed: Object.keys(withoutUndefined(change)).toSorted().join(' ') },
        }),
    });
    return this.#present(record);
  }

  async #present(record: FactRecord): Promise<MemoryFact> {
    const { storage, facts, memories } = this.#context;
    const view = await memories.view(record);
    const seen = (await facts.allFacts(record, view)).find(({ fact }) => fact.id === record.id);
    const [shown] = await presentFacts(storage.db, { view, seen: [seen ?? { fact: record, counts: false }] });
    if (!shown) throw new Error('A fact that was just kept is not there.');
    return shown;
  }
}

function isAsked({ fact, counts }: SeenFact, asked: ListFacts): boolean {
  if (asked.about !== undefined && fact.about !== asked.about) return false;
  if (asked.state !== undefined && fact.state !== asked.state) return false;
  if (asked.counts === undefined) return true;
  if (counts !== asked.counts) return false;
  // What another one stands for is off no path.
  return asked.counts || asked.state !== undefined || fact.state === 'active' || fact.state === 'pinned';
}

function placeAfter(seen: readonly SeenFact[], cursor: string): number {
  const place = seen.findIndex(({ fact }) => fact.id === cursor);
  if (place === -1) {
    throw new InvalidInputError('This cursor leads nowhere any more: begin again without it.', { field: 'cursor' });
  }
  return place + 1;
}

function requireSpan({
  validFrom,
  validTo,
}: {
  validFrom?: number | null | undefined;
  validTo?: number | null | undefined;
}): void {
  if (typeof validFrom !== 'number' || typeof validTo !== 'number' || validFrom <= validTo) return;
  throw new InvalidInputError('It ends before it begins: choose a later end.', { field: 'validTo' });
}

function withoutUndefined(change: ChangeFact): ChangeFact {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
