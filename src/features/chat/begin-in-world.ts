import type { CreateConversation } from '../../../contract/conversations.ts';
import { NotFoundError } from '../../base/errors.ts';
import { listParticipants } from '../../conversation/participant-store.ts';
import { openingStage } from '../../conversation/stage.ts';
import { insertStage } from '../../conversation/stage-store.ts';
import type { MessageNode } from '../../conversation/tree-types.ts';
import type { Trx } from '../../storage/storage.ts';
import { readWorld } from '../../world/world-store.ts';

/** Throws where the world or the place that a conversation is to begin in is not its owner's. */
export async function requireBeginning(
  trx: Trx,
  { ownerId, scene }: { ownerId: string; scene: CreateConversation['scene'] },
): Promise<void> {
  if (!scene) return;
  const world = await readWorld(trx, { id: scene.worldId, ownerId });
  if (!world) throw new NotFoundError('There is no such world.', { field: 'scene.worldId' });
  const { placeId } = scene;
  if (placeId === null || placeId === undefined || world.places.some(({ id }) => id === placeId)) return;
  throw new NotFoundError('There is no such place in this world.', { field: 'scene.placeId' });
}

/** Lets a first message stand at the place where the conversation begins; the same message where it begins nowhere. */
export async function standAt(
  trx: Trx,
  { node, scene }: { node: MessageNode; scene: CreateConversation['scene'] },
): Promise<MessageNode> {
  const placeId = scene?.placeId ?? null;
  if (placeId === null) return node;
  const { id: messageId, conversationId } = node;
  const stage = { ...openingStage(await listParticipants(trx, conversationId)), placeId };
  await insertStage(trx, { messageId, conversationId, stage });
  return { ...node, stageId: messageId };
}
