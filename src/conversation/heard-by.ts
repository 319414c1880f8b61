import type { ConversationEvent } from '../../contract/conversations.ts';
import type { Message } from '../../contract/messages.ts';
import type { Audience } from '../../contract/rooms.ts';
import type { ParticipantRecord } from './participant-store.ts';
import { witnesses } from './stage.ts';
import type { MessageNode } from './tree-types.ts';

/** From which place something is read. */
export type Reader = Pick<ParticipantRecord, 'id' | 'fromStart'>;

/** A message as somebody reads it: one that they did not hear keeps its place and nothing else. */
export function heardBy(message: Message, reader: Reader): Message {
  if (witnesses(message, reader)) return message;
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

/** The same of a node of the tree, for files that somebody takes along. */
export function heardNode(node: MessageNode, reader: Reader): MessageNode {
  if (witnesses(node, reader)) return node;
  return {
    ...node,
    author: { kind: 'narrator', id: '', name: '' },
    parts: [],
    failure: null,
    hasReceipt: false,
    audience: [],
    foreign: null,
  };
}

/**
 * What happened as somebody may know it; null where it is not for them. `audience`: who hears the reply that an event
 * without a message of its own is about. A `conversation-change` is not judged here: every reader has a view of their own.
 */
export function eventHeardBy(
  event: ConversationEvent,
  { reader, isHost, audience }: { reader: Reader; isHost: boolean; audience: Audience | null },
): ConversationEvent | null {
  switch (event.type) {
    case 'message-commit':
    case 'message-change':
    case 'reply-start':
    case 'reply-end':
      return { ...event, message: heardBy(event.message, reader) };
    case 'text-delta':
    case 'reasoning-delta':
    case 'tool-change':
    case 'prompt-progress':
      return audience !== null && witnesses({ audience }, reader) ? event : null;
    case 'room-run':
      return isHost
        ? event
        : { ...event, run: { ...event.run, next: event.run.next.map((turn) => ({ ...turn, why: '' })) } };
    case 'conversation-snapshot':
    case 'conversation-change':
    case 'conversation-delete':
    case 'author-rename':
    // Ids only.
    case 'messages-change':
    case 'presence-change':
      return event;
    default:
      return event satisfies never;
  }
}
