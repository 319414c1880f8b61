import type { CharacterSummary } from '../../../contract/characters.ts';
import type { Locale } from '../../../contract/common.ts';
import type { Persona, savePersonaSchema } from '../../../contract/personas.ts';
import type { z } from 'zod';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { NotFoundError, TooLargeError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import { readCharacter } from '../../character/character-store.ts';
import { writeWithPicture, type KeptPicture } from '../../character/keep-picture.ts';
import {
  changePersona,
  countPersonas,
  insertPersona,
  listCharactersOfPersona,
  listPersonas,
  purgePersonas,
  readCharacterPersona,
  readPersona,
  setCharacterPersona,
  setDefaultPersona,
  setPersonaDeleted,
  type PersonaRecord,
} from '../../character/persona-store.ts';
import { presentCharacterSummary } from '../../character/present-character.ts';
import { presentPersona } from '../../character/present-persona.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { Storage, Trx } from '../../storage/storage.ts';

export interface PersonasContext {
  storage: Storage;
  events: EventWriter;
  clock: Clock;
  newId: NewId;
}

type PersonaFields = z.output<typeof savePersonaSchema>;

/** Far more than anybody keeps apart, few enough to list at once. */
const MAX_PERSONAS = 1000;
/** Whoever came by a link is one person in each of a few rooms. */
const MAX_PERSONAS_OF_GUEST = 20;

/** Who a person can be: their personas, the default one, and the one for each character. */
export class Personas {
  readonly #context: PersonasContext;

  constructor(context: PersonasContext) {
    this.#context = context;
  }

  async list(actor: Actor): Promise<Persona[]> {
    return (await listPersonas(this.#context.storage.db, actor.userId)).map(presentPersona);
  }

  async read(actor: Actor, id: string): Promise<Persona> {
    return presentPersona(await this.#require(actor, id));
  }

  async create(actor: Actor, fields: PersonaFields): Promise<Persona> {
    const { storage, clock, newId } = this.#context;
    const most = actor.role === 'guest' ? MAX_PERSONAS_OF_GUEST : MAX_PERSONAS;
    if ((await countPersonas(storage.db, actor.userId)) >= most) {
      throw new TooLargeError(`There are ${most} personas already: change one of them.`, {
        code: 'too-many-personas',
      });
    }
    const id = newId();
    await this.#save(actor, { id, fields, type: 'persona-create' }, async (trx, picture) => {
      const now = clock.now();
      const { picture: _data, ...rest } = fields;
      const pictureHash = picture?.hash ?? null;
      await insertPersona(trx, { ...rest, id, ownerId: actor.userId, pictureHash, createdAt: now, updatedAt: now });
    });
    return this.read(actor, id);
  }

  /** A picture of null keeps the one there is. */
  async update(actor: Actor, id: string, fields: PersonaFields): Promise<Persona> {
    const { clock } = this.#context;
    await this.#require(actor, id);
    await this.#save(actor, { id, fields, type: 'persona-update' }, async (trx, picture) => {
      const before = await readPersona(trx, { id, ownerId: actor.userId });
      if (!before) throw new NotFoundError('There is no such persona.');
      const { picture: _data, ...rest } = fields;
      const change = { ...rest, pictureHash: picture?.hash ?? before.pictureHash, updatedAt: clock.now() };
      await changePersona(trx, { id, ownerId: actor.userId, change });
    });
    return this.read(actor, id);
  }

  async #save(
    actor: Actor,
    { id, fields, type }: { id: string; fields: PersonaFields; type: 'persona-create' | 'persona-update' },
    write: (trx: Trx, picture: KeptPicture | null) => Promise<void>,
  ): Promise<void> {
    const { storage, clock, events } = this.#context;
    await writeWithPicture(storage, { picture: fields.picture, now: clock.now() }, async (trx, picture) => {
      await write(trx, picture);
      if (fields.isDefault) await setDefaultPersona(trx, { id, ownerId: actor.userId, now: clock.now() });
      await events.append(trx, { type, actorId: actor.userId, subjectId: id, payload: {} });
    });
  }

  async delete(actor: Actor, id: string): Promise<void> {
    await this.#setDeleted(actor, { id, deletedAt: this.#context.clock.now(), type: 'persona-delete' });
  }

  async restore(actor: Actor, id: string): Promise<Persona> {
    await this.#setDeleted(actor, { id, deletedAt: null, type: 'persona-restore' });
    return this.read(actor, id);
  }

  async #setDeleted(
    actor: Actor,
    { id, deletedAt, type }: { id: string; deletedAt: number | null; type: 'persona-delete' | 'persona-restore' },
  ): Promise<void> {
    const { storage, events } = this.#context;
    await storage.transaction(async (trx) => {
      const changed = await setPersonaDeleted(trx, { id, ownerId: actor.userId, deletedAt });
      if (!changed) throw new NotFoundError('There is no such persona.');
      await events.append(trx, { type, actorId: actor.userId, subjectId: id, payload: {} });
    });
  }

  /** Used wherever neither the conversation nor the character names another; null = the account's own name. */
  async setDefault(actor: Actor, personaId: string | null): Promise<Persona[]> {
    const { storage, clock } = this.#context;
    await this.#requireNamed(actor, personaId);
    await storage.transaction((trx) =>
      setDefaultPersona(trx, { id: personaId, ownerId: actor.userId, now: clock.now() }),
    );
    return this.list(actor);
  }

  /** The persona for a character, or null while there is none of its own. */
  async ofCharacter(actor: Actor, characterId: string): Promise<string | null> {
    const { db } = this.#context.storage;
    await this.#requireCharacter(actor, characterId);
    const id = await readCharacterPersona(db, { userId: actor.userId, characterId });
    if (id === null) return null;
    return (await readPersona(db, { id, ownerId: actor.userId }))?.id ?? null;
  }

  async setOfCharacter(actor: Actor, characterId: string, personaId: string | null): Promise<string | null> {
    await this.#requireCharacter(actor, characterId);
    await this.#requireNamed(actor, personaId);
    await this.#context.storage.transaction((trx) =>
      setCharacterPersona(trx, { userId: actor.userId, characterId, personaId }),
    );
    return personaId;
  }

  /** The characters that meet this person as this persona. */
  async charactersOf(actor: Actor, id: string, locale: Locale): Promise<CharacterSummary[]> {
    const { db } = this.#context.storage;
    await this.#require(actor, id);
    const { userId } = actor;
    const ids = await listCharactersOfPersona(db, { userId, personaId: id });
    const records = await Promise.all(ids.map((characterId) => readCharacter(db, { id: characterId, userId })));
    return records.flatMap((record) =>
      record && record.deletedAt === null ? [presentCharacterSummary(record, { locale, userId })] : [],
    );
  }

  /** Removes a person's personas for good; the pictures only they used go with the characters'. */
  async purgeAllOf(userId: string): Promise<void> {
    await this.#context.storage.transaction((trx) => purgePersonas(trx, userId));
  }

  async #require(actor: Actor, id: string): Promise<PersonaRecord> {
    // Which one is the default can only be said of all of them.
    const all = await listPersonas(this.#context.storage.db, actor.userId);
    const record = all.find((persona) => persona.id === id);
    if (!record) throw new NotFoundError('There is no such persona.');
    return record;
  }

  async #requireNamed(actor: Actor, personaId: string | null): Promise<void> {
    if (personaId === null) return;
    const found = await readPersona(this.#context.storage.db, { id: personaId, ownerId: actor.userId });
    if (!found) throw new NotFoundError('There is no such persona.', { field: 'personaId' });
  }

  async #requireCharacter(actor: Actor, characterId: string): Promise<void> {
    const record = await readCharacter(this.#context.storage.db, { id: characterId, userId: actor.userId });
    if (!record || record.deletedAt !== null) throw new NotFoundError('There is no such character.');
  }
}
