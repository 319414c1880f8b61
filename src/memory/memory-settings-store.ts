import { memorySettingsSchema, type MemorySettings } from '../../contract/memory.ts';
import { readSetting, writeSetting } from '../storage/setting-store.ts';
import type { Db, Trx } from '../storage/storage.ts';
import type { Pair } from './pair-view.ts';

/** Before anybody changes anything. */
const DEFAULT_SETTINGS: MemorySettings = { paused: false, otherConversations: true, distil: true, diary: true };

const storedSchema = memorySettingsSchema.partial().catch({});

/** How a character remembers a person. */
export async function readMemorySettings(db: Db, { ownerId, characterId }: Pair): Promise<MemorySettings> {
  const text = await readSetting(db, { scope: ownerId, key: keyOf(characterId) });
  const stored = storedSchema.parse(text === undefined ? {} : JSON.parse(text));
  return memorySettingsSchema.parse({ ...DEFAULT_SETTINGS, ...stored });
}

export async function writeMemorySettings(
  trx: Trx,
  { ownerId, characterId }: Pair,
  settings: MemorySettings,
): Promise<void> {
  await writeSetting(trx, { scope: ownerId, key: keyOf(characterId), value: JSON.stringify(settings) });
}

function keyOf(characterId: string): string {
  return `memory:${characterId}`;
}
