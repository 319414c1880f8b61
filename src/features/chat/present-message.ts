import type { Message } from '../../../contract/messages.ts';
import { NotFoundError } from '../../base/errors.ts';
import { readChildren } from '../../conversation/message-store.ts';
import { heardBy, type Reader } from '../../conversation/heard-by.ts';
import type { MessageNode } from '../../conversation/tree-types.ts';
import type { Db } from '../../storage/storage.ts';

/** Messages with their siblings, in the order given, all of one conversation; without a reader, whoever gets them filters. */
export async function presentMessages(db: Db, nodes: readonly MessageNode[], reader?: Reader): Promise<Message[]> {
  const first = nodes[0];
  if (!first) return [];
  const children = await readChildren(db, {
    conversationId: first.conversationId,
    parentIds: [...new Set(nodes.map((node) => node.parentId))],
  });
  const messages = nodes.map((node) => toMessage(node, children.get(node.parentId) ?? []));
  return reader ? messages.map((message) => heardBy(message, reader)) : messages;
}

export async function presentMessage(db: Db, node: MessageNode, reader?: Reader): Promise<Message> {
  const [message] = await presentMessages(db, [node], reader);
  if (!message) throw new NotFoundError('There is no such message.');
  return message;
}

function toMessage(node: MessageNode, siblings: readonly string[]): Message {
  const deleted = node.deletedAt !== null;
  return {
    id: node.id,
    conversationId: node.conversationId,
    parentId: node.parentId,
    depth: node.depth,
    author: node.author,
    parts: deleted ? [] : node.parts,
    state: node.state,
    failure: node.failure,
    editOf: node.editOf,
    deleted,
    createdAt: node.createdAt,
    siblings: siblings.includes(node.id) ? [...siblings] : [...siblings, node.id].toSorted(),
    hasReceipt: node.hasReceipt,
    hidden: node.hidden,
    audience: node.audience,
    manner: node.manner,
    withheld: false,
  };
}
