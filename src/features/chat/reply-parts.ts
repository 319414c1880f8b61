import type { MessagePart } from '../../../contract/messages.ts';
import type { LiveReply } from '../../conversation/live-replies.ts';

/** What a reply has said so far, as the parts of its message. */
export function toParts({ text, reasoning }: Pick<LiveReply, 'text' | 'reasoning'>): MessagePart[] {
  return [
    ...(reasoning === '' ? [] : [{ type: 'reasoning' as const, text: wholeCharacters(reasoning) }]),
    ...(text === '' ? [] : [{ type: 'text' as const, text: wholeCharacters(text) }]),
  ];
}

/** A token may end inside a surrogate pair; a prefix must not end in half a character. */
function wholeCharacters(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '').toWellFormed();
}
