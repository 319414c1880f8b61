import { cleanText } from '../../contract/common.ts';
import { ConflictError, NotFoundError } from '../base/errors.ts';
import type { Db, Trx } from '../storage/storage.ts';
import { forceRevision, readConversation, setPath, takeRevision } from './conversation-store.ts';
import {
  insertMessage,
  readAncestors,
  readLeafBelow,
  readMessage,
  removeStreamingMessage,
  setActiveChild,
  type PathStep,
} from './message-store.ts';
import { textOf, type ConversationRecord, type MessageNode } from './tree-types.ts';

/** Length of a list preview, in UTF-16 units. */
const PREVIEW_LENGTH = 140;

export function previewOf(node: Pick<MessageNode, 'parts'>): string {
  const words = cleanText(textOf(node.parts)).replaceAll('*', '').replace(/\s+/g, ' ').trim();
  return words.slice(0, PREVIEW_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
}

export interface PathRight {
  id: string;
  ownerId: string;
  /** The revision the caller looked at; undefined = whatever it is now. */
  expected: number | undefined;
  now: number;
}

/** The right to change a conversation's path, or a clear reason why not. */
export async function claimPath(trx: Trx, right: PathRight): Promise<ConversationRecord> {
  const claimed = await takeRevision(trx, right);
  if (claimed) return claimed;
  const there = await readConversation(trx, right);
  if (!there || there.deletedAt !== null) throw new NotFoundError('There is no such conversation.');
  throw new ConflictError('The conversation has changed in another window: look again, then decide.', {
    code: 'revision-conflict',
    details: { revision: there.revision },
  });
}

/** Refuses to grow a path that ends in a reply still being written. */
export async function requireSettledLeaf(
  trx: Db | Trx,
  conversation: ConversationRecord,
): Promise<MessageNode | undefined> {
  if (conversation.leafId === null) return undefined;
  const leaf = await readMessage(trx, conversation.leafId);
  if (leaf?.state === 'streaming') {
    throw new ConflictError('A reply is being written: wait for it or stop it first.', { code: 'reply-running' });
  }
  return leaf;
}

/** Adds messages one below the other and ends the active path at the last one. */
export async function appendToPath(
  trx: Trx,
  { conversation, nodes }: { conversation: ConversationRecord; nodes: readonly MessageNode[] },
): Promise<void> {
  const last = nodes.at(-1);
  if (!last) return;
  for (const node of nodes) {
    await insertMessage(trx, node);
    if (node.parentId !== null) await setActiveChild(trx, { parentId: node.parentId, childId: node.id });
  }
  const preview = nodes.findLast((node) => textOf(node.parts) !== '');
  await setPath(trx, {
    id: conversation.id,
    leafId: last.id,
    messageCount: last.depth + 1,
    preview: preview ? previewOf(preview) : conversation.preview,
  });
}

/** Takes a reply that says nothing out of the tree; a path that ended in it ends where it answered. */
export async function takeLeafAway(
  trx: Trx,
  { leaf, now }: { leaf: Pick<MessageNode, 'id' | 'conversationId' | 'parentId'>; now: number },
): Promise<void> {
  const conversation = await forceRevision(trx, { id: leaf.conversationId, now });
  if (!conversation || !(await removeStreamingMessage(trx, leaf))) return;
  if (conversation.leafId !== leaf.id || leaf.parentId === null) return;
  const ending = { ...conversation, leafId: leaf.parentId };
  await routePathThrough(trx, { conversation: ending, nodeId: leaf.parentId });
}

/**
 * Lets the active path run through a node and down to the leaf last seen below it. Returns that leaf's id. The record
 * names the leaf from before: above the place where both paths meet nothing has to change, so nothing is read there.
 */
export async function routePathThrough(
  trx: Trx,
  { conversation, nodeId }: { conversation: ConversationRecord; nodeId: string },
): Promise<string> {
  const steps = await pointPathTo(trx, { conversation, nodeId });
  // Where the node is on the path already, the end is below its leaf, not a whole path away.
  const leafBelow = await readLeafBelow(trx, (steps === 0 ? conversation.leafId : null) ?? nodeId);
  const leaf = leafBelow && (await readMessage(trx, leafBelow.id));
  if (!leaf) throw new NotFoundError('There is no such message.');
  await setPath(trx, {
    id: conversation.id,
    leafId: leaf.id,
    messageCount: leaf.depth + 1,
    preview: previewOf(leaf) || conversation.preview,
  });
  return leaf.id;
}

/**
 * Lets the active path end at a node. What was said below it stays where it is, remembered by the node's active child,
 * and what is said next stands beside it.
 */
export async function endPathAt(
  trx: Trx,
  { conversation, node }: { conversation: ConversationRecord; node: MessageNode },
): Promise<void> {
  await pointPathTo(trx, { conversation, nodeId: node.id });
  await setPath(trx, {
    id: conversation.id,
    leafId: node.id,
    messageCount: node.depth + 1,
    preview: previewOf(node) || conversation.preview,
  });
}

/** Lets the pointers of a node's ancestors lead to it; returns how many steps it stands off the path there was. */
async function pointPathTo(
  trx: Trx,
  { conversation, nodeId }: { conversation: ConversationRecord; nodeId: string },
): Promise<number> {
  const { steps, meets } = await climbToPath(trx, { nodeId, leafId: conversation.leafId });
  for (const [index, step] of steps.entries()) {
    const child = steps[index - 1];
    if (child && step.activeChildId !== child.id) await setActiveChild(trx, { parentId: step.id, childId: child.id });
  }
  return meets ? steps.length - 1 : steps.length;
}

/** Steps read at once, in growing portions: most paths meet after one or two. */
const PORTIONS = [4, 32, 256, 2048] as const;

/**
 * A node and its ancestors up to the first that is on the path of a leaf (`meets`), else up to the beginning. Both are
 * climbed in turn, so it costs as much as the shorter of the two ways.
 */
async function climbToPath(
  trx: Trx,
  { nodeId, leafId }: { nodeId: string; leafId: string | null },
): Promise<{ steps: PathStep[]; meets: boolean }> {
  const steps: PathStep[] = [];
  const seen = new Map<string, number>();
  const onPath = new Set<string>();
  let [climbing, walking] = [nodeId as string | null, leafId];
  for (let round = 0; climbing !== null; round += 1) {
    const limit = PORTIONS[Math.min(round, PORTIONS.length - 1)] ?? 1;
    const some = await readAncestors(trx, { fromId: climbing, limit });
    for (const step of some) {
      seen.set(step.id, steps.length);
      steps.push(step);
      if (onPath.has(step.id)) return { steps, meets: true };
    }
    climbing = some.at(-1)?.parentId ?? null;
    const walked = walking === null ? [] : await readAncestors(trx, { fromId: walking, limit });
    for (const { id } of walked) {
      const at = seen.get(id);
      if (at !== undefined) return { steps: steps.slice(0, at + 1), meets: true };
      onPath.add(id);
    }
    walking = walked.at(-1)?.parentId ?? null;
  }
  return { steps, meets: false };
}
