import type { MessageNode } from './tree-types.ts';

/** A node that says nothing yet, where it belongs in the tree; finished, and nobody's; everybody hears it. */
export function blankMessage({
  id,
  conversationId,
  parent,
  createdAt,
}: Pick<MessageNode, 'id' | 'conversationId' | 'createdAt'> & {
  /** Without a `stageId` it is on the stage it all began on. */
  parent: (Pick<MessageNode, 'id' | 'depth'> & Partial<Pick<MessageNode, 'stageId'>>) | null;
}): Omit<MessageNode, 'author' | 'parts'> {
  return {
    id,
    conversationId,
    parentId: parent?.id ?? null,
    depth: parent ? parent.depth + 1 : 0,
    state: 'done',
    failure: null,
    editOf: null,
    clientId: null,
    activeChildId: null,
    hasReceipt: false,
    hidden: false,
    audience: 'everyone',
    manner: 'open',
    stageId: parent?.stageId ?? null,
    foreign: null,
    createdAt,
    deletedAt: null,
  };
}
