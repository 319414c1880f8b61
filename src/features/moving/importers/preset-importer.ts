import type { Actor } from '../../../accounts/actor.ts';
import type { Storage } from '../../../storage/storage.ts';
import { readPreset as readPresetFile } from '../../../turn/presets/read-preset.ts';
import { readPreset } from '../../../turn/presets/preset-store.ts';
import type { Arrived, FileImporter, WholeFile } from '../moving-context.ts';

/** What moving in needs of the presets. */
export interface PresetDoor {
  import(actor: Actor, file: WholeFile): Promise<{ preset: Arrived }>;
  restore(actor: Actor, id: string): Promise<unknown>;
}

/** Prompt presets, instruct and context templates, by way of their feature. */
export function createPresetImporter({ storage, presets }: { storage: Storage; presets: PresetDoor }): FileImporter {
  return {
    inspect: ({ bytes, fileName }) => Promise.resolve({ name: readPresetFile(bytes, fileName).name }),
    find: () => Promise.resolve(null),
    async standing(actor, id) {
      const record = await readPreset(storage.db, { id, ownerId: actor.userId });
      if (!record) return 'gone';
      return record.deletedAt === null ? 'here' : 'deleted';
    },
    async import(actor, { fileName, bytes }) {
      const { id, name } = (await presets.import(actor, { fileName, bytes })).preset;
      return { id, name };
    },
    async restore(actor, id) {
      await presets.restore(actor, id);
    },
  };
}
