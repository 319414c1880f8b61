import type { z } from 'zod';
import type {
  addFactSchema,
  changeFactSchema,
  mergeFactsSchema,
  WorldFact,
  WorldFactList,
} from '../../../contract/worlds.ts';
import { FACT_LIMIT } from '../../../contract/worlds.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, InvalidInputError, NotFoundError, TooLargeError } from '../../base/errors.ts';
import type { EventType } from '../../events/event-store.ts';
import type { Trx } from '../../storage/storage.ts';
import {
  addSource,
  changeFact,
  countFacts,
  deleteFact,
  insertFact,
  listSources,
  readFacts,
  type FactChange,
  type WorldFactRecord,
} from '../../world/world-fact-store.ts';
import { listConversationsIn, type WorldRecord } from '../../world/world-store.ts';
import { presentFacts, requireWorld } from './present-worlds.ts';
import { PROPOSE_JOB } from './propose-job-name.ts';
import { isReading } from './propose-job.ts';
import { statementHash } from './statement-hash.ts';
import { WorldEntries } from './world-entries.ts';
import type { WorldsContext } from './worlds-context.ts';

/** What is true of a world: written by its owner, or proposed by what was said and decided by them. */
export class WorldFacts {
  readonly #context: WorldsContext;
  readonly #entries: WorldEntries;

  constructor(context: WorldsContext) {
    this.#context = context;
    this.#entries = new WorldEntries(context);
  }

  async list(actor: Actor, worldId: string): Promise<WorldFactList> {
    const { db } = this.#context.storage;
    await requireWorld(db, actor, worldId);
    const conversationIds = await listConversationsIn(db, { worldId, ownerId: actor.userId });
    const now = this.#context.clock.now();
    // In this order: what a reading found is there before it ends, so nothing is missing once nobody reads.
    const reading = await isReading(db, { conversationIds, now });
    return { facts: await presentFacts(db, { worldId }), reading };
  }

  /** Written by hand, it is true at once. */
  async add(actor: Actor, worldId: string, fields: z.output<typeof addFactSchema>): Promise<WorldFact> {
    const { storage, newId, clock } = this.#context;
    const id = newId();
    await storage.transaction(async (trx) => {
      const world = await requireWorld(trx, actor, worldId);
      requirePlace(world, fields.placeId);
      await this.#requireRoom(trx, worldId);
      await insertFact(trx, {
        ...fields,
        id,
        worldId,
        hash: statementHash(fields.statement),
        state: 'accepted',
        origin: 'hand',
        createdAt: clock.now(),
      });
      await this.#event(trx, { actor, worldId, type: 'world-fact-add', factId: id });
    });
    return this.#present(worldId, id);
  }

  /** Accepts, rejects, takes either back, or words it otherwise; may turn it into an entry of the world's lorebook. */
  async change(
    actor: Actor,
    { worldId, factId }: { worldId: string; factId: string },
    { as, ...change }: z.output<typeof changeFactSchema>,
  ): Promise<WorldFact> {
    const { storage, clock } = this.#context;
    const world = await requireWorld(storage.db, actor, worldId);
    const fact = await this.#require(worldId, factId);
    if (change.placeId !== undefined) requirePlace(world, change.placeId);
    if (fact.state === 'superseded') {
      throw new ConflictError('Another fact took the place of this one: delete that one to have this one back.', {
        code: 'fact-superseded',
      });
    }
    const after = { ...fact, ...withoutUndefined(change) };
    const becomesEntry = after.state === 'accepted' && (as === 'entry' || (as === undefined && fact.entryUid !== null));
    if (as === 'entry' && after.state !== 'accepted') {
      throw new InvalidInputError('Only what is accepted can become an entry: accept it.', { field: 'as' });
    }
    const entry = await this.#entries.follow(actor, world, { fact: after, becomesEntry });
    await storage.transaction(async (trx) => {
      await changeFact(trx, {
        id: factId,
        worldId,
        change: {
          ...withoutUndefined(change),
          ...(change.statement === undefined ? {} : { hash: statementHash(change.statement) }),
          entryBookId: entry?.bookId ?? null,
          entryUid: entry?.uid ?? null,
        },
        now: clock.now(),
      });
      await this.#event(trx, { actor, worldId, type: 'world-fact-change', factId });
    });
    return this.#present(worldId, factId);
  }

  /** One fact in the place of several, with all their sources. */
  async merge(
    actor: Actor,
    worldId: string,
    { ids, ...fields }: z.output<typeof mergeFactsSchema>,
  ): Promise<WorldFact> {
    const { storage, newId, clock } = this.#context;
    const id = newId();
    const world = await requireWorld(storage.db, actor, worldId);
    requirePlace(world, fields.placeId);
    await storage.transaction(async (trx) => {
      const facts = await readFacts(trx, { worldId, ids });
      if (facts.length !== new Set(ids).size || facts.some(({ state }) => state === 'superseded')) {
        throw new NotFoundError('One of these facts is not there any more: look again, then merge.', { field: 'ids' });
      }
      if (facts.some(({ entryUid }) => entryUid !== null)) {
        throw new InvalidInputError('An entry of a lorebook cannot be merged: turn it into a fact first.', {
          field: 'ids',
        });
      }
      const now = clock.now();
      const hash = statementHash(fields.statement);
      await insertFact(trx, { ...fields, id, worldId, hash, state: 'accepted', origin: 'hand', createdAt: now });
      const sources = (await listSources(trx, worldId)).filter(({ factId }) => ids.includes(factId));
      for (const source of sources) await addSource(trx, { ...source, factId: id });
      for (const { id: merged, state } of facts) {
        const change: FactChange = { state: 'superseded', stateBefore: state, replacedBy: id };
        await changeFact(trx, { id: merged, worldId, change, now });
      }
      await this.#event(trx, { actor, worldId, type: 'world-fact-add', factId: id });
    });
    return this.#present(worldId, id);
  }

  /** Removes a fact for good; what it took the place of is back as it was. What was found in talk is rejected instead. */
  async delete(actor: Actor, { worldId, factId }: { worldId: string; factId: string }): Promise<void> {
    const { storage, clock } = this.#context;
    const world = await requireWorld(storage.db, actor, worldId);
    const fact = await this.#require(worldId, factId);
    if (fact.entryUid !== null) await this.#entries.follow(actor, world, { fact, becomesEntry: false });
    await storage.transaction(async (trx) => {
      const now = clock.now();
      const replaced = (await presentFacts(trx, { worldId })).filter(({ replacedBy }) => replacedBy === factId);
      for (const { id, stateBefore } of await readFacts(trx, { worldId, ids: replaced.map(({ id }) => id) })) {
        const change: FactChange = { state: stateBefore ?? 'proposed', stateBefore: null, replacedBy: null };
        await changeFact(trx, { id, worldId, change, now });
      }
      const forgotten: FactChange = { state: 'rejected', entryBookId: null, entryUid: null };
      if (fact.origin === 'talk') await changeFact(trx, { id: factId, worldId, change: forgotten, now });
      else await deleteFact(trx, { id: factId, worldId });
      await this.#event(trx, { actor, worldId, type: 'world-fact-delete', factId });
    });
  }

  /** Reads conversations of the world now rather than when their talk has settled. */
  async propose(
    actor: Actor,
    worldId: string,
    { conversationId }: { conversationId?: string | undefined },
  ): Promise<{ conversations: number }> {
    const { storage, queue } = this.#context;
    await requireWorld(storage.db, actor, worldId);
    const all = await listConversationsIn(storage.db, { worldId, ownerId: actor.userId });
    const wanted = conversationId === undefined ? all : all.filter((id) => id === conversationId);
    if (conversationId !== undefined && wanted.length === 0) {
      throw new NotFoundError('This conversation does not happen in this world.', { field: 'conversationId' });
    }
    await storage.transaction(async (trx) => {
      for (const key of wanted) await queue.add(trx, { name: PROPOSE_JOB, key, payload: { now: true } });
    });
    return { conversations: wanted.length };
  }

  async #require(worldId: string, factId: string): Promise<WorldFactRecord> {
    const [fact] = await readFacts(this.#context.storage.db, { worldId, ids: [factId] });
    if (!fact) throw new NotFoundError('There is no such fact in this world.');
    return fact;
  }

  async #present(worldId: string, factId: string): Promise<WorldFact> {
    const fact = (await presentFacts(this.#context.storage.db, { worldId })).find(({ id }) => id === factId);
    if (!fact) throw new NotFoundError('There is no such fact in this world.');
    return fact;
  }

  async #requireRoom(trx: Trx, worldId: string): Promise<void> {
    if ((await countFacts(trx, worldId)) < FACT_LIMIT) return;
    throw new TooLargeError(`A world holds at most ${FACT_LIMIT} facts: delete some, or use its lorebook.`, {
      code: 'too-many-facts',
    });
  }

  #event(
    trx: Trx,
    {
      actor,
      worldId,
      type,
      factId,
    }: { actor: Actor; worldId: string; type: Extract<EventType, `world-fact-${string}`>; factId: string },
  ): Promise<void> {
    const { events } = this.#context;
    return events.append(trx, { type, actorId: actor.userId, subjectId: worldId, payload: { factId } });
  }
}

function requirePlace({ places }: WorldRecord, placeId: string | null): void {
  if (placeId === null || places.some(({ id }) => id === placeId)) return;
  throw new NotFoundError('There is no such place in this world.', { field: 'placeId' });
}

function withoutUndefined<T extends object>(record: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
