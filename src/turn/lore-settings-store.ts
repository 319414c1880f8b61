import { loreSettingsSchema, type LoreSettings } from '../../contract/lore.ts';
import { readSetting, writeSetting } from '../storage/setting-store.ts';
import type { Db, Trx } from '../storage/storage.ts';

/** Where a user's own world-info settings lie among the settings. */
const KEY = 'lore-settings';

/** What a person set for all their conversations; a preset's own settings win over it. */
export async function readUserLoreSettings(db: Db | Trx, userId: string): Promise<Partial<LoreSettings>> {
  const text = await readSetting(db, { scope: userId, key: KEY });
  return text === undefined ? {} : parseLoreSettings(JSON.parse(text));
}

export async function writeUserLoreSettings(
  db: Db | Trx,
  { userId, settings }: { userId: string; settings: Partial<LoreSettings> },
): Promise<void> {
  await writeSetting(db, { scope: userId, key: KEY, value: JSON.stringify(settings) });
}

/** The values among them that are settings, each by itself: a wrong one leaves the others. */
export function parseLoreSettings(value: unknown): Partial<LoreSettings> {
  if (typeof value !== 'object' || value === null) return {};
  const given = value as Record<string, unknown>;
  const known = Object.entries(loreSettingsSchema.shape).flatMap(([name, schema]) => {
    if (given[name] === undefined) return [];
    const parsed = schema.safeParse(given[name]);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(known);
}
