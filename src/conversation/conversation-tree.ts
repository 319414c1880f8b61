import { cleanText } from '../../contract/common.ts';
import { ConflictError, NotFoundError } from '../base/errors.ts';
import type { Db, Trx } from '../storage/storage.ts';
import { forceRevision, readConversation, setPath, takeRevision } from './conversation-store.ts';
import {
  insertMessage,
  readLeafBelow,
  readMessage,
  readPathPointers,
  removeStreamingMessage,
  setActiveChild,
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
  await routePathThrough(trx, { conversation, nodeId: leaf.parentId });
}

/** Lets the active path run through a node and down to the leaf last seen below it. Returns that leaf's id. */
export async function routePathThrough(
  trx: Trx,
  { conversation, nodeId }: { conversation: ConversationRecord; nodeId: string },
): Promise<string> {
  await pointPathTo(trx, nodeId);
  const leafBelow = await readLeafBelow(trx, nodeId);
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
  await pointPathTo(trx, node.id);
  await setPath(trx, {
    id: conversation.id,
    leafId: node.id,
    messageCount: node.depth + 1,
    preview: previewOf(node) || conversation.preview,
  });
}

async function pointPathTo(trx: Trx, nodeId: string): Promise<void> {
  const ancestors = await readPathPointers(trx, nodeId);
  for (const [index, ancestor] of ancestors.entries()) {
    const child = ancestors[index - 1];
    if (child && ancestor.activeChildId !== child.id) {
      await setActiveChild(trx, { parentId: ancestor.id, childId: child.id });
    }
  }
}
