import { createHash } from 'node:crypto';
import type { Actor } from '../../accounts/actor.ts';
import type { LoreSettings } from '../../../contract/lore.ts';
import { asObject } from '../../conversation/exchange/safe-json.ts';
import { parseLoreSettings } from '../../turn/lore-settings-store.ts';
import type { FoundLoreSettings } from './found.ts';
import { findMoved } from './move-record-store.ts';
import type { MovingContext } from './moving-context.ts';

/** The world-info settings of SillyTavern's `settings.json`; older files have them beside everything else. */
export function readLoreSettings(settings: unknown): Partial<LoreSettings> {
  const all = asObject(settings);
  return parseLoreSettings({ ...all, ...asObject(all['world_info_settings']) });
}

/**
 * What of them would be taken. A person has one set: the first of a source counts, and it replaces what moved in before
 * but never what they set themselves.
 */
export async function standLoreSettings(
  context: MovingContext,
  { actor, settings }: { actor: Actor; settings: readonly unknown[] },
): Promise<FoundLoreSettings[]> {
  const found = settings.map(readLoreSettings).find((each) => Object.keys(each).length > 0);
  if (!found) return [];
  const sourceHash = hashOf(found);
  const own = await context.loreSettings.read(actor);
  const ownHash = hashOf(own);
  const moved = await findMoved(context.storage.db, { ownerId: actor.userId, kind: 'settings', hashes: [ownHash] });
  const isFree = Object.keys(own).length === 0 || moved.has(ownHash);
  return [{ settings: found, sourceHash, status: isFree && ownHash !== sourceHash ? 'new' : 'here' }];
}

/** Parsed settings have their keys in one order. */
function hashOf(settings: Partial<LoreSettings>): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex');
}
