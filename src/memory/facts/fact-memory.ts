import type { ChangeFact, FactAbout, Forget, NewFact } from '../../../contract/memory.ts';
import { newFactSchema } from '../../../contract/memory.ts';
import type { Clock } from '../../base/clock.ts';
import { NotFoundError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import type { Storage, Trx } from '../../storage/storage.ts';
import type { Pair, PairView } from '../pair-view.ts';
import type { FactRecord } from './fact-record.ts';
import { countFacts, insertFact, listFacts, readFact, updateFact } from './fact-store.ts';
import { foldWords } from './fold-words.ts';
import { forgetFact, forgetMessage } from './forget-facts.ts';
import { languageOf } from './language-of.ts';
import { FactRanker, type RankedFact } from './rank-facts.ts';
import { RuleBook } from './rule-book.ts';
import { addRule, deleteRule, listRules, type RuleRow } from './rule-store.ts';
import { FactViewer, countsIn } from './see-facts.ts';

/** Pairs whose facts are held in memory; thousands of facts are some MB. */
const HELD_PAIRS = 50;

interface Held {
  facts: Promise<FactRecord[]>;
  rules: Promise<RuleBook>;
}

export interface FactMemoryOptions {
  storage: Pick<Storage, 'db' | 'transaction'>;
  clock: Clock;
  newId: NewId;
}

/** Joins the transaction of a change, for what else has to happen with it. */
type Join = (trx: Trx) => Promise<void>;

/** A fact of a person's, by its id. */
interface OwnFact {
  ownerId: string;
  id: string;
  join?: Join;
}

/** What is known between a person and a character: read by replies and by the memory page, changed by the person. */
export class FactMemory {
  readonly #options: FactMemoryOptions;
  readonly #held = new Map<string, Held>();
  readonly #ranker = new FactRanker();
  readonly #viewer = new FactViewer();

  constructor(options: FactMemoryOptions) {
    this.#options = options;
  }

  /** The facts that count in the view, oldest said first; superseded ones are there and marked. */
  async countingFacts(pair: Pair, view: PairView): Promise<FactRecord[]> {
    return this.#viewer.see(await this.#allowedFacts(pair), view);
  }

  /** Every fact in every state, and whether it counts; what is superseded is marked among those that count. */
  async allFacts(pair: Pair, view: PairView): Promise<{ fact: FactRecord; counts: boolean }[]> {
    const seen = new Map((await this.countingFacts(pair, view)).map((fact) => [fact.id, fact]));
    const allowed = new Set((await this.#allowedFacts(pair)).map(({ id }) => id));
    return (await this.#facts(pair)).map((fact) => ({
      fact: seen.get(fact.id) ?? fact,
      counts: allowed.has(fact.id) && countsIn(view, fact),
    }));
  }

  /** What matters to what is being said, pinned ones first; `texts` are the newest words first. */
  async relevant({
    pair,
    view,
    texts,
    now,
    limit,
  }: {
    pair: Pair;
    view: PairView;
    texts: readonly string[];
    now: number;
    limit: number;
  }): Promise<RankedFact[]> {
    return this.#ranker.rank(await this.countingFacts(pair, view), { texts, now, limit });
  }

  /** Messages that facts rested on which the person put right, with the words that were wrong. */
  async overruled(pair: Pair): Promise<Map<string, string>> {
    const wrong = (await this.#facts(pair)).filter(({ state, by }) => state === 'corrected' && by === 'model');
    return new Map(wrong.flatMap(({ sources, quote }) => sources.map(({ messageId }) => [messageId, quote])));
  }

  /** Throws `NotFoundError` (`fact-missing`). */
  async read({ ownerId, id }: OwnFact): Promise<FactRecord> {
    const fact = await readFact(this.#options.storage.db, { id, ownerId });
    if (!fact) throw new NotFoundError('There is no such memory.', { code: 'fact-missing' });
    return fact;
  }

  /** Keeps what the person wrote; it counts everywhere. */
  async addByUser(pair: Pair, input: NewFact, join?: Join): Promise<FactRecord> {
    const { pinned, ...fact } = newFactSchema.parse(input);
    const record = this.#ownRecord(pair, { ...fact, state: pinned ? 'pinned' : 'active', replacesId: null });
    await this.#change(pair, async (trx) => {
      await insertOwn(trx, record);
      await join?.(trx);
    });
    return record;
  }

  /** Changes a fact as the memory page asks; returns the one that stands now. */
  async change({ change, ...own }: OwnFact & { change: ChangeFact }): Promise<FactRecord> {
    const { text, ...rest } = change;
    const fact = await this.read(own);
    if (text !== undefined && text !== fact.text) return this.#correct(fact, { ...rest, text }, own.join);
    const { pinned, ...columns } = rest;
    const state = pinned === undefined || !isStanding(fact) ? undefined : pinned ? 'pinned' : 'active';
    await this.#change(fact, async (trx) => {
      await updateFact(trx, { id: fact.id, change: { ...columns, state, updatedAt: this.#options.clock.now() } });
      await own.join?.(trx);
    });
    return this.read(own);
  }

  /** The person's own words stand for the fact from now on; where the fact is their own, it is rewritten. */
  async correct({ text, ...own }: OwnFact & { text: string }): Promise<FactRecord> {
    return this.change({ ...own, change: { text } });
  }

  /** A pinned fact is always told. */
  async pin({ pinned, ...own }: OwnFact & { pinned: boolean }): Promise<FactRecord> {
    return this.change({ ...own, change: { pinned } });
  }

  /** Lets a fact count on every branch, or only where its sources do. */
  async promote({ everywhere, ...own }: OwnFact & { everywhere: boolean }): Promise<FactRecord> {
    return this.change({ ...own, change: { everywhere } });
  }

  /**
   * Forgets really: the row, its sources, what was made of it; what it corrected goes too. `source` forgets the message
   * it was said in as well. `never` adds a rule against the words. Returns the messages that were forgotten.
   */
  async forget({ scope, never, ...own }: OwnFact & Required<Forget>): Promise<{ messageIds: string[] }> {
    const fact = await this.read(own);
    const { clock, newId } = this.#options;
    let messageIds: string[] = [];
    await this.#change(fact, async (trx) => {
      messageIds = await forgetFact(trx, { fact, scope, never, now: clock.now(), newId });
      await own.join?.(trx);
    });
    return { messageIds };
  }

  /** Nothing of the message is remembered or recalled any more; it stays in the conversation. */
  async forgetMessage(pair: Pair, messageId: string, join?: Join): Promise<void> {
    const { clock, newId } = this.#options;
    await this.#change(pair, async (trx) => {
      await forgetMessage(trx, { pair, messageId, now: clock.now(), newId });
      await join?.(trx);
    });
  }

  /** What must never be remembered by this character. */
  async rules(pair: Pair): Promise<RuleBook> {
    return this.#hold(pair).rules;
  }

  /** The rules that the person made, oldest first. */
  async listRules({ pair }: { pair: Pair }): Promise<RuleRow[]> {
    const rules = await listRules(this.#options.storage.db, pair);
    return rules.filter(({ kind }) => kind === 'words' || kind === 'message');
  }

  /** Words that no character, or not this one, may remember. Facts that machines read with these words do not count while it stands. */
  async addWordsRule(
    pair: Pair,
    { words, everyCharacter, join }: { words: string; everyCharacter: boolean; join?: Join },
  ): Promise<RuleRow> {
    const { clock, newId } = this.#options;
    const rule: RuleRow = {
      id: newId(),
      ownerId: pair.ownerId,
      characterId: everyCharacter ? null : pair.characterId,
      kind: 'words',
      value: foldWords(words),
      label: words,
      createdAt: clock.now(),
    };
    let id = rule.id;
    await this.#change(pair, async (trx) => {
      id = await addRule(trx, rule);
      await join?.(trx);
    });
    this.#held.clear();
    return { ...rule, id };
  }

  /** Throws `NotFoundError` (`rule-missing`). */
  async deleteRule({ ownerId, id, join }: OwnFact): Promise<void> {
    await this.#options.storage.transaction(async (trx) => {
      const there = await deleteRule(trx, { id, ownerId });
      if (!there) throw new NotFoundError('There is no such rule.', { code: 'rule-missing' });
      await join?.(trx);
    });
    this.#held.clear();
  }

  /** Facts or rules of the pair were changed by somebody else: they are read anew. */
  invalidate({ ownerId, characterId }: Pair): void {
    this.#held.delete(`${ownerId} ${characterId}`);
  }

  async #correct(fact: FactRecord, change: ChangeFact & { text: string }, join?: Join): Promise<FactRecord> {
    const { clock } = this.#options;
    const { pinned, everywhere: _everywhere, ...columns } = change;
    const state = (pinned ?? fact.state === 'pinned') ? ('pinned' as const) : ('active' as const);
    if (fact.by === 'user') {
      await this.#change(fact, async (trx) => {
        await updateFact(trx, { id: fact.id, change: { ...columns, state, updatedAt: clock.now() } });
        await join?.(trx);
      });
      return this.read(fact);
    }
    const record = this.#ownRecord(fact, {
      about: columns.about ?? fact.about,
      subject: fact.subject,
      text: columns.text,
      validFrom: columns.validFrom === undefined ? fact.validFrom : columns.validFrom,
      validTo: columns.validTo === undefined ? fact.validTo : columns.validTo,
      state,
      replacesId: fact.id,
    });
    await this.#change(fact, async (trx) => {
      await updateFact(trx, { id: fact.id, change: { state: 'corrected', updatedAt: clock.now() } });
      await insertOwn(trx, record);
      await join?.(trx);
    });
    return record;
  }

  #ownRecord(
    { ownerId, characterId }: Pair,
    fact: {
      about: FactAbout;
      subject: string;
      text: string;
      validFrom: number | null;
      validTo: number | null;
      state: 'active' | 'pinned';
      replacesId: string | null;
    },
  ): FactRecord & { replacedById: null } {
    const now = this.#options.clock.now();
    return {
      ...fact,
      id: this.#options.newId(),
      ownerId,
      characterId,
      conversationId: null,
      quote: '',
      language: languageOf(fact.text),
      saidAt: now,
      certainty: 'certain',
      everywhere: false,
      by: 'user',
      extractor: null,
      replacedById: null,
      sources: [],
      createdAt: now,
      updatedAt: now,
    };
  }

  async #change(pair: Pair, work: (trx: Trx) => Promise<void>): Promise<void> {
    try {
      await this.#options.storage.transaction(work);
    } finally {
      this.invalidate(pair);
    }
  }

  /** Without what a rule forbids; what the person wrote is theirs to keep. */
  async #allowedFacts(pair: Pair): Promise<FactRecord[]> {
    const [facts, rules] = await Promise.all([this.#facts(pair), this.rules(pair)]);
    if (rules.isEmpty) return facts;
    return facts.filter(
      ({ by, text, quote, sources }) =>
        by === 'user' || !sources.some(({ messageId }) => rules.forbids(messageId, `${text}\n${quote}`)),
    );
  }

  async #facts(pair: Pair): Promise<FactRecord[]> {
    const facts = await this.#hold(pair).facts;
    // Conversations are also purged by others; a count of an index tells.
    if ((await countFacts(this.#options.storage.db, pair)) === facts.length) return facts;
    this.invalidate(pair);
    return this.#hold(pair).facts;
  }

  #hold(pair: Pair): Held {
    const key = `${pair.ownerId} ${pair.characterId}`;
    const { db } = this.#options.storage;
    const held = this.#held.get(key) ?? {
      facts: listFacts(db, pair),
      rules: listRules(db, pair).then((rules) => new RuleBook(rules)),
    };
    this.#held.delete(key);
    this.#held.set(key, held);
    // One that cannot be read is not held.
    Promise.all([held.facts, held.rules]).catch(() => {
      if (this.#held.get(key) === held) this.#held.delete(key);
    });
    const [oldest] = this.#held.keys();
    if (this.#held.size > HELD_PAIRS && oldest !== undefined) this.#held.delete(oldest);
    return held;
  }
}

/** What supersedes a fact is found when it is looked at, and not kept. */
function insertOwn(trx: Trx, { replacedById: _found, ...fact }: FactRecord): Promise<void> {
  return insertFact(trx, { ...fact, audience: JSON.stringify('everyone') });
}

function isStanding({ state }: FactRecord): boolean {
  return state === 'active' || state === 'pinned';
}
