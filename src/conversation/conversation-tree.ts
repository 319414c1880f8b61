import { cleanText } from '../../contract/common.ts';
import { ConflictError, NotFoundError } from '../base/errors.ts';
import type { Db, Trx } from '../storage/storage.ts';
import { forceRevision, readConversation, setPath, takeRevision } from './conversation-store.ts';
import {
  insertMessage,
  readDepths,
  readMessage,
  removeStreamingMessage,
  setActiveChild,
  setFirstActiveChild,
} from './message-store.ts';
import { TreeWays } from './tree-ways.ts';
import { textOf, type ConversationRecord, type MessageNode } from './tree-types.ts';
import { forgetLeads, type Place } from './waypoint-store.ts';

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
  const ways = new TreeWays(trx, conversation.id);
  for (const node of nodes) {
    await insertMessage(trx, node);
    if (node.parentId === null) continue;
    const parent = { id: node.parentId, depth: node.depth - 1 };
    await leadTo(trx, { ways, parent, childId: node.id });
    await ways.learnTo(node);
  }
  await ways.lay();
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
  const ways = new TreeWays(trx, conversation.id);
  const node = await requirePlace(trx, nodeId);
  const leafBefore = await readLeaf(trx, conversation);
  const isOnPath = await pointPathTo(trx, { ways, node, leaf: leafBefore });
  // Where the node is on the path already, the end is below its leaf, not a whole path away.
  const end = await ways.end((isOnPath ? leafBefore : undefined) ?? node);
  await ways.lay();
  const leaf = await readMessage(trx, end.id);
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
  const ways = new TreeWays(trx, conversation.id);
  await pointPathTo(trx, { ways, node, leaf: await readLeaf(trx, conversation) });
  await ways.lay();
  await setPath(trx, {
    id: conversation.id,
    leafId: node.id,
    messageCount: node.depth + 1,
    preview: previewOf(node) || conversation.preview,
  });
}

/** Lays the long steps along a path that was written as a whole, so that the first who moves far on it need not. */
export async function layWays(db: Db, { conversationId, leafId }: { conversationId: string; leafId: string }) {
  const ways = new TreeWays(db, conversationId);
  const leaf = await requirePlace(db, leafId);
  await ways.wrongTurns(leaf, await ways.above(leaf, 0));
  await ways.lay();
}

/** Lets the pointers of a node's ancestors lead to it; true where it was on the path already. */
async function pointPathTo(
  trx: Trx,
  { ways, node, leaf }: { ways: TreeWays; node: Place; leaf: Place | undefined },
): Promise<boolean> {
  const meeting = leaf && (await ways.meeting(node, leaf));
  const turns = await ways.wrongTurns(node, meeting ?? (await ways.above(node, 0)));
  for (const { parent, childId } of turns) await leadTo(trx, { ways, parent, childId });
  return meeting?.id === node.id;
}

/** Sets an active child, and forgets the long steps that the one before was part of. */
async function leadTo(
  trx: Trx,
  { ways, parent, childId }: { ways: TreeWays; parent: Place; childId: string },
): Promise<void> {
  if (await setFirstActiveChild(trx, { parentId: parent.id, childId })) return;
  await setActiveChild(trx, { parentId: parent.id, childId });
  await forgetLeads(trx, await ways.stepsOver(parent));
}

async function requirePlace(db: Db, id: string): Promise<Place> {
  const [place] = await readDepths(db, [id]);
  if (!place) throw new NotFoundError('There is no such message.');
  return place;
}

async function readLeaf(db: Db, { leafId }: ConversationRecord): Promise<Place | undefined> {
  return leafId === null ? undefined : (await readDepths(db, [leafId]))[0];
}
