import { messageText } from '../../../../client/message-text.ts';
import type { StreamingReply } from '../../../../contract/conversations.ts';
import type { Message } from '../../../../contract/messages.ts';

/** What stands in the box at once: a paragraph of a message. */
export interface Passage {
  key: string;
  message: Message;
  text: string;
  streaming: boolean;
}

/** Characters that a box holds without scrolling on a phone; longer paragraphs are parted at ends of sentences. */
const BOX_CHARACTERS = 320;

/** The path as passages, in order. Deleted and unheard messages have none. */
export function novelPassages(
  path: readonly Message[],
  streaming: ReadonlyMap<string, StreamingReply>,
): readonly Passage[] {
  return path.flatMap((message) => {
    if (message.deleted) return [];
    const live = streaming.get(message.id);
    const texts = paragraphsOf(live?.text ?? messageText(message));
    return texts.map((text, index): Passage => ({
      key: `${message.id}:${index}`,
      message,
      text,
      streaming: live !== undefined && index === texts.length - 1,
    }));
  });
}

/** Paragraphs, the long ones in parts. A fence of code stays whole. */
export function paragraphsOf(text: string): string[] {
  const blocks = text.includes('```') ? [text] : text.split(/\n\s*\n/);
  return blocks.map((block) => block.trim()).flatMap((block) => (block === '' ? [] : partsOf(block)));
}

function partsOf(block: string): string[] {
  // Marks of lists, tables, code and emphasis over several sentences would be torn.
  if (block.length <= BOX_CHARACTERS || /^[\s>#|-]|```/m.test(block)) return [block];
  const parts: string[] = [];
  let part = '';
  for (const sentence of block.match(/[^.!?。！？…]+(?:[.!?。！？…]+["'”’」』)]*\*?\s*|$)/g) ?? [block]) {
    const next = part + sentence;
    if (part !== '' && next.length > BOX_CHARACTERS && isBalanced(part)) {
      parts.push(part.trim());
      part = sentence;
    } else {
      part = next;
    }
  }
  if (part.trim() !== '') parts.push(part.trim());
  return parts;
}

function isBalanced(text: string): boolean {
  return (text.split('*').length - 1) % 2 === 0;
}

/** Where a reader stands: at a passage, or (null) at the beginning of the newest message. */
export type NovelPlace = string | null;

/**
 * The number of the passage to show. Whoever has read to the end of a message is taken on by their own words, and from
 * them to the answer; from one character's words to another's one goes by oneself. −1 where there is none.
 */
export function standingAt(passages: readonly Passage[], place: NovelPlace): number {
  let at = passages.findIndex(({ key }) => key === place);
  if (at < 0) {
    const last = passages.at(-1);
    return passages.findIndex(({ message }) => message.id === last?.message.id);
  }
  for (;;) {
    const [here, next] = [passages[at], passages[at + 1]];
    if (here === undefined || next === undefined || here.message.id === next.message.id) return at;
    const isOwn = here.message.author.kind === 'human' || next.message.author.kind === 'human';
    // Words of the past are read one after the other: only what has just come takes the reader along.
    if (!isOwn || !isNewest(passages, at + 1)) return at;
    at += 1;
  }
}

/** Belongs to the newest exchange: nothing but its own message or the answer to it follows. */
function isNewest(passages: readonly Passage[], index: number): boolean {
  const ids = new Set(passages.slice(index).map(({ message }) => message.id));
  return ids.size <= 2;
}
