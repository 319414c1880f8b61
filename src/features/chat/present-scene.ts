import type { SceneOfConversation } from '../../../contract/worlds.ts';
import type { Stage } from '../../conversation/stage.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import { readWorlds, type WorldRecord } from '../../world/world-store.ts';
import type { Db } from '../../storage/storage.ts';

/** The worlds in which conversations happen, by id; a deleted one is none. All of one owner. */
export async function readWorldsOf(
  db: Db,
  records: readonly ConversationRecord[],
): Promise<ReadonlyMap<string, WorldRecord>> {
  const found = new Map<string, WorldRecord>();
  const owners = new Set(records.filter(({ worldId }) => worldId !== null).map(({ ownerId }) => ownerId));
  for (const ownerId of owners) {
    const ids = records.flatMap((record) =>
      record.ownerId === ownerId && record.worldId !== null ? [record.worldId] : [],
    );
    for (const [id, world] of await readWorlds(db, { ids: [...new Set(ids)], ownerId })) found.set(id, world);
  }
  return found;
}

/** Where a conversation happens at the end of its path: the branch's own place and time, else the world's time. */
export function presentScene(world: WorldRecord | undefined, stage: Stage): SceneOfConversation | null {
  if (!world) return null;
  const place = world.places.find(({ id }) => id === stage.placeId);
  return {
    worldId: world.id,
    worldName: world.name,
    place: place ? { id: place.id, name: place.name } : null,
    time: stage.time ?? world.time,
    ownTime: stage.time !== null,
  };
}
