import type { Storage } from '../../../storage/storage.ts';
import { readUserLoreSettings, writeUserLoreSettings } from '../../../turn/lore-settings-store.ts';
import type { LoreSettingsImporter } from '../moving-context.ts';

export function createLoreSettingsImporter({ storage: { db } }: { storage: Storage }): LoreSettingsImporter {
  return {
    read: ({ userId }) => readUserLoreSettings(db, userId),
    write: ({ userId }, settings) => writeUserLoreSettings(db, { userId, settings }),
  };
}
