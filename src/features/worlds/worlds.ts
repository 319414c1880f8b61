import type { z } from 'zod';
import type { saveWorldSchema, World, WorldSummary } from '../../../contract/worlds.ts';
import { WORLD_LIMIT } from '../../../contract/worlds.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, NotFoundError, TooLargeError } from '../../base/errors.ts';
import { writeWithPicture, type KeptPicture } from '../../character/keep-picture.ts';
import type { Trx } from '../../storage/storage.ts';
import { checkWorldBody } from '../../world/world-body.ts';
import {
  countWorlds,
  insertWorld,
  listWorlds,
  purgeWorlds,
  setWorldDeleted,
  updateWorld,
} from '../../world/world-store.ts';
import { presentWorlds, requireWorld, summaryOf } from './present-worlds.ts';
import type { WorldsContext } from './worlds-context.ts';

type WorldFields = z.output<typeof saveWorldSchema>;

/** The worlds of a person: their places, who lives there, what time it is. */
export class Worlds {
  readonly #context: WorldsContext;

  constructor(context: WorldsContext) {
    this.#context = context;
  }

  /** The latest change first. */
  async list(actor: Actor): Promise<WorldSummary[]> {
    const { db } = this.#context.storage;
    const worlds = await presentWorlds(db, await listWorlds(db, actor.userId), actor.userId);
    return worlds.map(summaryOf);
  }

  async read(actor: Actor, id: string): Promise<World> {
    const { db } = this.#context.storage;
    const [world] = await presentWorlds(db, [await requireWorld(db, actor, id)], actor.userId);
    if (!world) throw new NotFoundError('There is no such world.');
    return world;
  }

  async create(actor: Actor, fields: WorldFields): Promise<World> {
    const id = this.#context.newId();
    const body = checkWorldBody(fields);
    await this.requireRoom(actor);
    await this.#save(actor, { id, fields, type: 'world-create' }, async (trx, picture) => {
      const now = this.#context.clock.now();
      const { name, description, time } = fields;
      const row = { id, ownerId: actor.userId, name, description, time, pictureHash: picture?.hash ?? null };
      await insertWorld(trx, { ...row, ...body, createdAt: now, updatedAt: now });
    });
    return this.read(actor, id);
  }

  /** Throws where a person has as many worlds as they may. */
  async requireRoom(actor: Actor): Promise<void> {
    if ((await countWorlds(this.#context.storage.db, actor.userId)) < WORLD_LIMIT) return;
    throw new TooLargeError(`There are ${WORLD_LIMIT} worlds already: delete one first.`, { code: 'too-many-worlds' });
  }

  /** A picture of null keeps the one there is. */
  async update(actor: Actor, id: string, fields: WorldFields): Promise<World> {
    const body = checkWorldBody(fields);
    const looked = await requireWorld(this.#context.storage.db, actor, id);
    await this.#save(actor, { id, fields, type: 'world-update' }, async (trx, picture) => {
      const before = await requireWorld(trx, actor, id);
      const { name, description, time } = fields;
      const saved = await updateWorld(trx, {
        id,
        ownerId: actor.userId,
        expectedRevision: fields.expectedRevision ?? looked.revision,
        change: { name, description, time, pictureHash: picture?.hash ?? before.pictureHash, ...body },
        now: this.#context.clock.now(),
      });
      if (saved) return;
      throw new ConflictError('The world was changed in another window or by the story: look again, then save.', {
        code: 'revision-conflict',
        details: { revision: before.revision },
      });
    });
    return this.read(actor, id);
  }

  async delete(actor: Actor, id: string): Promise<void> {
    await this.#setDeleted(actor, { id, deletedAt: this.#context.clock.now(), type: 'world-delete' });
  }

  async restore(actor: Actor, id: string): Promise<World> {
    await this.#setDeleted(actor, { id, deletedAt: null, type: 'world-restore' });
    return this.read(actor, id);
  }

  /** Removes a person's worlds for good; the pictures only they used go with the characters'. */
  async purgeAllOf(userId: string): Promise<void> {
    await this.#context.storage.transaction((trx) => purgeWorlds(trx, userId));
  }

  async #save(
    actor: Actor,
    { id, fields, type }: { id: string; fields: WorldFields; type: 'world-create' | 'world-update' },
    write: (trx: Trx, picture: KeptPicture | null) => Promise<void>,
  ): Promise<void> {
    const { storage, clock, events } = this.#context;
    await writeWithPicture(storage, { picture: fields.picture, now: clock.now() }, async (trx, picture) => {
      await write(trx, picture);
      const payload = { places: fields.places.length };
      await events.append(trx, { type, actorId: actor.userId, subjectId: id, payload });
    });
  }

  async #setDeleted(
    actor: Actor,
    { id, deletedAt, type }: { id: string; deletedAt: number | null; type: 'world-delete' | 'world-restore' },
  ): Promise<void> {
    const { storage, events } = this.#context;
    await storage.transaction(async (trx) => {
      const changed = await setWorldDeleted(trx, { id, ownerId: actor.userId, deletedAt });
      if (!changed) throw new NotFoundError('There is no such world.');
      await events.append(trx, { type, actorId: actor.userId, subjectId: id, payload: {} });
    });
  }
}
