import { z } from 'zod';
import { memorySettingsSchema, type MemorySettings } from '../../contract/memory.ts';
import { readSetting, writeSetting } from '../storage/setting-store.ts';
import type { Db, Trx } from '../storage/storage.ts';
import type { Pair } from './pair-view.ts';

/** Before anybody changes anything. */
const DEFAULT_SETTINGS: MemorySettings = { paused: false, otherConversations: true, distil: true, diary: true };

const storedSchema = memorySettingsSchema
  .partial()
  .extend({ pausedAt: z.number().nullable().default(null) })
  .catch({ pausedAt: null });

/** How a character remembers a person, and since when it is paused (epoch milliseconds; null while it is not). */
export type MemoryPause = MemorySettings & { pausedAt: number | null };

export async function readMemorySettings(db: Db, pair: Pair): Promise<MemorySettings> {
  return memorySettingsSchema.parse(await readMemoryPause(db, pair));
}

export async function readMemoryPause(db: Db, { ownerId, characterId }: Pair): Promise<MemoryPause> {
  const text = await readSetting(db, { scope: ownerId, key: keyOf(characterId) });
  const stored = storedSchema.parse(text === undefined ? {} : JSON.parse(text));
  return { ...DEFAULT_SETTINGS, ...withoutUndefined(stored), pausedAt: stored.pausedAt };
}

export async function writeMemorySettings(
  trx: Trx,
  { ownerId, characterId }: Pair,
  settings: MemoryPause,
): Promise<void> {
  await writeSetting(trx, { scope: ownerId, key: keyOf(characterId), value: JSON.stringify(settings) });
}

function keyOf(characterId: string): string {
  return `memory:${characterId}`;
}

function withoutUndefined(settings: z.output<typeof storedSchema>): Partial<MemorySettings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
