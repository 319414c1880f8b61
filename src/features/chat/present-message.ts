import type { Message } from '../../../contract/messages.ts';
import { NotFoundError } from '../../base/errors.ts';
import { readChildren } from '../../conversation/message-store.ts';
import type { ParticipantRecord } from '../../conversation/participant-store.ts';
import { hears } from '../../conversation/seat.ts';
import type { MessageNode } from '../../conversation/tree-types.ts';
import type { Db } from '../../storage/storage.ts';

/** From which place messages are read; absent = as they are, for whoever filters them later. */
export type Reader = Pick<ParticipantRecord, 'id' | 'fromStart'>;

/** Messages with their siblings, in the order given. All of one conversation. */
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

/** A message as somebody reads it: one that they did not hear keeps its place and nothing else. */
export function heardBy(message: Message, reader: Reader): Message {
  if (hears(reader, message)) return message;
  return {
    ...message,
    author: { kind: 'narrator', id: '', name: '' },
    parts: [],
    failure: null,
    editOf: null,
    hasReceipt: false,
    hidden: false,
    audience: [],
    withheld: true,
  };
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
