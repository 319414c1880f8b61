import { expect } from 'vitest';
import type { ConversationRecord, MessageNode } from '../../../src/conversation/tree-types.ts';
import { listMessages } from '../../../src/conversation/message-store.ts';
import { readConversation } from '../../../src/conversation/conversation-store.ts';
import type { Db } from '../../../src/storage/storage.ts';

export interface Tree {
  conversation: ConversationRecord;
  nodes: MessageNode[];
}

/** A conversation as it lies in the database, every branch of it. */
export async function readTree(db: Db, conversationId: string): Promise<Tree> {
  const { ownerId } = await db
    .selectFrom('conversation')
    .select('ownerId')
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow();
  const conversation = await readConversation(db, { id: conversationId, ownerId });
  if (!conversation) throw new Error('The conversation is not there.');
  return { conversation, nodes: await listMessages(db, conversationId) };
}

/** From the leaf to the root, oldest first. */
export function activePath({ conversation, nodes }: Tree): MessageNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const path: MessageNode[] = [];
  for (let id = conversation.leafId; id !== null;) {
    const node = byId.get(id);
    if (!node || path.includes(node)) throw new Error(`The path breaks at ${id}.`);
    path.unshift(node);
    id = node.parentId;
  }
  return path;
}

/** What must hold of every tree at every moment. */
export function expectSoundTree(tree: Tree): void {
  const { conversation, nodes } = tree;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Set(nodes.map(({ parentId }) => parentId));
  expect(byId.size).toBe(nodes.length);
  for (const node of nodes) {
    const parent = node.parentId === null ? null : byId.get(node.parentId);
    expect(parent, `${node.id} hangs in the air`).not.toBeUndefined();
    expect(node.depth).toBe(parent ? parent.depth + 1 : 0);
    expect(node.conversationId).toBe(conversation.id);
    if (node.activeChildId !== null) expect(byId.get(node.activeChildId)?.parentId).toBe(node.id);
    const hasChildren = parents.has(node.id);
    expect(node.activeChildId !== null, `${node.id} points to a child exactly when it has one`).toBe(hasChildren);
    if (node.editOf !== null) expect(byId.get(node.editOf)?.parentId).toBe(node.parentId);
    if (node.state === 'streaming') expect(hasChildren).toBe(false);
  }
  const path = activePath(tree);
  expect(conversation.messageCount).toBe(path.length);
  for (const [index, node] of path.slice(0, -1).entries()) expect(node.activeChildId).toBe(path[index + 1]?.id);
}
