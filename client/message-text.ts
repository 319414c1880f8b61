import type { Message } from '../contract/messages.ts';

/** What a message says, without thinking and notes. */
export function messageText(message: Message): string {
  return partsOf(message, 'text');
}

export function messageReasoning(message: Message): string {
  return partsOf(message, 'reasoning');
}

function partsOf(message: Message, type: 'text' | 'reasoning'): string {
  return message.parts.flatMap((part) => (part.type === type ? [part.text] : [])).join('\n\n');
}
