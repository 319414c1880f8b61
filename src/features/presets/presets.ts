import type { z } from 'zod';
import type {
  ImportedPreset,
  PresetBody,
  presetFormatSchema,
  PromptPreset,
  PromptPresetSummary,
} from '../../../contract/prompts.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError, TooLargeError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { Storage } from '../../storage/storage.ts';
import { builtInPresetList, findBuiltInPreset, type BuiltInPreset } from '../../turn/presets/built-in-presets.ts';
import { presetFile } from '../../turn/presets/preset-file.ts';
import {
  countPresets,
  insertPreset,
  listPresets,
  purgePresets,
  readPreset,
  setPresetDeleted,
  updatePreset,
  type PresetRecord,
} from '../../turn/presets/preset-store.ts';
import { readPreset as readPresetFile } from '../../turn/presets/read-preset.ts';
import { writePreset } from '../../turn/presets/write-preset.ts';

export interface PresetsContext {
  storage: Storage;
  events: EventWriter;
  clock: Clock;
  newId: NewId;
}

/** Far more than anybody keeps apart, few enough to list at once. */
const MAX_PRESETS = 500;

/** How prompts are made: the house's presets, and a person's own. */
export class Presets {
  readonly #context: PresetsContext;

  constructor(context: PresetsContext) {
    this.#context = context;
  }

  /** The house's, then one's own with the newest change first. */
  async list(actor: Actor): Promise<PromptPresetSummary[]> {
    const own = await listPresets(this.#context.storage.db, actor.userId);
    return [...builtInPresetList.map(presentBuiltIn), ...own.map(presentOwn)].map(summarize);
  }

  async read(actor: Actor, id: string): Promise<PromptPreset> {
    const builtIn = findBuiltInPreset(id);
    return builtIn ? presentBuiltIn(builtIn) : presentOwn(await this.#require(actor, id));
  }

  async create(actor: Actor, { name, body }: { name: string; body: PresetBody }): Promise<PromptPreset> {
    requireDistinct(body);
    const { storage, clock, newId, events } = this.#context;
    const id = newId();
    await storage.transaction(async (trx) => {
      if ((await countPresets(trx, actor.userId)) >= MAX_PRESETS) {
        throw new TooLargeError(`There are ${MAX_PRESETS} presets already: delete one first.`, {
          code: 'too-many-presets',
        });
      }
      await insertPreset(trx, { id, ownerId: actor.userId, name: name.trim(), body, now: clock.now() });
      const payload = { segments: body.segments.length };
      await events.append(trx, { type: 'preset-create', actorId: actor.userId, subjectId: id, payload });
    });
    return this.read(actor, id);
  }

  async update(
    actor: Actor,
    id: string,
    { name, body, expectedRevision }: { name: string; body: PresetBody; expectedRevision: number | undefined },
  ): Promise<PromptPreset> {
    if (findBuiltInPreset(id)) {
      throw new ForbiddenError('The presets of the house cannot be changed: copy one and change the copy.', {
        code: 'preset-built-in',
      });
    }
    requireDistinct(body);
    const { storage, clock, events } = this.#context;
    const { revision } = await this.#require(actor, id);
    if (expectedRevision !== undefined && expectedRevision !== revision) throw changedElsewhere();
    await storage.transaction(async (trx) => {
      const change = { id, ownerId: actor.userId, name: name.trim(), body, revision, now: clock.now() };
      if (!(await updatePreset(trx, change))) throw changedElsewhere();
      const payload = { segments: body.segments.length };
      await events.append(trx, { type: 'preset-update', actorId: actor.userId, subjectId: id, payload });
    });
    return this.read(actor, id);
  }

  async duplicate(actor: Actor, id: string, name: string): Promise<PromptPreset> {
    const { body } = await this.read(actor, id);
    return this.create(actor, { name, body });
  }

  async import(actor: Actor, { fileName, bytes }: { fileName: string; bytes: Uint8Array }): Promise<ImportedPreset> {
    const { name, body, kind, warnings } = readPresetFile(bytes, fileName);
    return { preset: summarize(await this.create(actor, { name, body })), kind, warnings };
  }

  /** The file and the name it should have. */
  async export(
    actor: Actor,
    id: string,
    format: z.infer<typeof presetFormatSchema>,
  ): Promise<{ fileName: string; file: Record<string, unknown> }> {
    const { name, body } = await this.read(actor, id);
    const file = format === 'everwith' ? presetFile(name, body) : writePreset(body);
    return { fileName: `${name}.json`, file };
  }

  /** Conversations that use it go on with the house's own. */
  async delete(actor: Actor, id: string): Promise<void> {
    await this.#setDeleted(actor, { id, deletedAt: this.#context.clock.now(), type: 'preset-delete' });
  }

  async restore(actor: Actor, id: string): Promise<PromptPreset> {
    await this.#setDeleted(actor, { id, deletedAt: null, type: 'preset-restore' });
    return this.read(actor, id);
  }

  async #setDeleted(
    actor: Actor,
    { id, deletedAt, type }: { id: string; deletedAt: number | null; type: 'preset-delete' | 'preset-restore' },
  ): Promise<void> {
    const { storage, events } = this.#context;
    await storage.transaction(async (trx) => {
      const changed = await setPresetDeleted(trx, { id, ownerId: actor.userId, deletedAt });
      if (!changed) throw new NotFoundError('There is no such preset.');
      await events.append(trx, { type, actorId: actor.userId, subjectId: id, payload: {} });
    });
  }

  /** Removes a person's presets for good. */
  async purgeAllOf(userId: string): Promise<void> {
    await this.#context.storage.transaction((trx) => purgePresets(trx, userId));
  }

  async #require(actor: Actor, id: string): Promise<PresetRecord> {
    const record = await readPreset(this.#context.storage.db, { id, ownerId: actor.userId });
    if (!record || record.deletedAt !== null) throw new NotFoundError('There is no such preset.');
    return record;
  }
}

function presentOwn({ ownerId: _owner, deletedAt: _deleted, ...preset }: PresetRecord): PromptPreset {
  return { ...preset, builtIn: false };
}

function presentBuiltIn({ id, name, body }: BuiltInPreset): PromptPreset {
  return { id, name, builtIn: true, body, revision: 1, createdAt: 0, updatedAt: 0 };
}

function summarize({ body, ...preset }: PromptPreset): PromptPresetSummary {
  return {
    ...preset,
    order: body.order,
    segmentCount: body.segments.length,
    instruct: body.instruct ? body.instruct.name : null,
  };
}

/** Segments are named by their ids, so no two may have the same. */
function requireDistinct(body: PresetBody): void {
  const ids = new Set<string>();
  for (const [index, { id }] of body.segments.entries()) {
    if (ids.has(id)) {
      throw new InvalidInputError(`Two segments of the preset have the id “${id}”.`, {
        field: `body.segments.${index}.id`,
      });
    }
    ids.add(id);
  }
}

function changedElsewhere(): ConflictError {
  return new ConflictError('The preset was changed in another window: look again, then save.', {
    code: 'revision-conflict',
    field: 'expectedRevision',
  });
}
