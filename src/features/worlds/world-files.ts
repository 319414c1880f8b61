import type { z } from 'zod';
import { WORLD_FILE_FORMAT, type importWorldSchema, type World, type WorldFile } from '../../../contract/worlds.ts';
import { MAX_LOREBOOK_BYTES } from '../../character/lorebook-store.ts';
import type { Actor } from '../../accounts/actor.ts';
import { TooLargeError } from '../../base/errors.ts';
import { readCharacter } from '../../character/character-store.ts';
import { checkWorldBody, type WorldBody } from '../../world/world-body.ts';
import { insertFact, listFacts } from '../../world/world-fact-store.ts';
import { insertWorld } from '../../world/world-store.ts';
import { requireWorld } from './present-worlds.ts';
import { statementHash } from './statement-hash.ts';
import type { WorldsContext } from './worlds-context.ts';
import type { Worlds } from './worlds.ts';

/** Worlds as files: with their accepted facts and lorebooks, without conversations. */
export class WorldFiles {
  readonly #context: WorldsContext;
  readonly #worlds: Worlds;

  constructor(context: WorldsContext, worlds: Worlds) {
    this.#context = context;
    this.#worlds = worlds;
  }

  async export(actor: Actor, id: string): Promise<WorldFile> {
    const { storage, books, localeOf } = this.#context;
    const { name, description, time, places, residents } = await requireWorld(storage.db, actor, id);
    const facts = await listFacts(storage.db, { worldId: id, states: ['accepted'] });
    const linked = (await books.list(actor, await localeOf(actor))).filter(({ targets }) =>
      targets.some((target) => target.kind === 'world' && target.id === id),
    );
    return {
      format: WORLD_FILE_FORMAT,
      version: 1,
      world: { name, description, time, places, residents },
      // What a book tells is in the book.
      facts: facts
        .filter(({ entryUid }) => entryUid === null)
        .map(({ statement, about, placeId, since }) => ({ statement, about, placeId, since })),
      books: await Promise.all(linked.map(async (book) => (await books.open(actor, book.id)).body)),
    };
  }

  /** A new world beside the others; its facts are accepted, its books are new and hang on it. */
  async import(actor: Actor, { file }: z.output<typeof importWorldSchema>): Promise<World> {
    const { storage, clock, newId, books, localeOf, events } = this.#context;
    await this.#worlds.requireRoom(actor);
    if (file.books.some((book) => JSON.stringify(book).length > MAX_LOREBOOK_BYTES)) {
      throw new TooLargeError('A lorebook of this world is larger than 24 MiB.', { field: 'file.books' });
    }
    const id = newId();
    const fresh = new Map(file.world.places.map((place) => [place.id, newId()]));
    const body = await this.#ownBody(actor, withNewIds(checkWorldBody(file.world), fresh));
    const { name, description, time } = file.world;
    await storage.transaction(async (trx) => {
      const now = clock.now();
      const row = { id, ownerId: actor.userId, name, description, time, pictureHash: null };
      await insertWorld(trx, { ...row, ...body, createdAt: now, updatedAt: now });
      for (const { placeId, ...fact } of file.facts) {
        await insertFact(trx, {
          ...fact,
          id: newId(),
          worldId: id,
          placeId: placeId === null ? null : (fresh.get(placeId) ?? null),
          hash: statementHash(fact.statement),
          state: 'accepted',
          origin: 'file',
          createdAt: now,
        });
      }
      const payload = { places: body.places.length, facts: file.facts.length };
      await events.append(trx, { type: 'world-create', actorId: actor.userId, subjectId: id, payload });
    });
    const locale = await localeOf(actor);
    for (const book of file.books) {
      const made = await books.create(actor, book, locale);
      await books.link(actor, made.id, { target: { kind: 'world', id }, locale });
    }
    return this.#worlds.read(actor, id);
  }

  /** Residents stay who they are only where this person can see that character. */
  async #ownBody({ userId }: Actor, { places, residents }: WorldBody): Promise<WorldBody> {
    const { db } = this.#context.storage;
    const known = await Promise.all(
      residents.map(async (resident) => {
        if (resident.characterId === null) return resident;
        const record = await readCharacter(db, { id: resident.characterId, userId });
        return record && record.deletedAt === null ? resident : { ...resident, characterId: null };
      }),
    );
    return { places, residents: known };
  }
}

function withNewIds({ places, residents }: WorldBody, fresh: ReadonlyMap<string, string>): WorldBody {
  const newIdOf = (id: string | null) => (id === null ? null : (fresh.get(id) ?? null));
  return {
    places: places.map((place) => ({
      ...place,
      id: newIdOf(place.id) ?? place.id,
      parentId: newIdOf(place.parentId),
      connections: place.connections.flatMap((id) => newIdOf(id) ?? []),
    })),
    residents: residents.map((resident) => ({ ...resident, placeId: newIdOf(resident.placeId) })),
  };
}
