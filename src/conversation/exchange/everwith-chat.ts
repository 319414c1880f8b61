import { cleanText } from '../../../contract/common.ts';
import type { MessagePart } from '../../../contract/messages.ts';
import { textOf } from '../tree-types.ts';
import {
  everwithBytesSchema,
  everwithFileSchema,
  everwithHeadSchema,
  everwithMessageSchema,
  type EverwithFile,
  type EverwithHead,
  type EverwithMessage,
} from './everwith-lines.ts';
import type { ChatHead, ChatPart, ImportedNode } from './imported-chat.ts';
import { asObject, parseSafeJson } from './safe-json.ts';
import { reasoningOf } from './text-writers.ts';
import type { TextLine } from './text-lines.ts';

/**
 * Everwith's own file. A line that cannot be read is reported and left out; what was said below it hangs on the message
 * before it. Without its head a file is none.
 */
export async function* readEverwithChat(lines: AsyncIterable<TextLine>): AsyncGenerator<ChatPart> {
  let head: ChatHead | undefined;
  /** Where the messages of the file, by their numbers, arrived; -1 = there was nothing before. */
  const places: number[] = [];
  /** Where the parents of the arrived messages did. */
  const parents: (number | null)[] = [];
  for await (const { number, text } of lines) {
    if (text?.trim() === '') continue;
    const line = text === null ? undefined : parseSafeJson(text);
    if (!head) {
      const parsed = everwithHeadSchema.safeParse(line);
      if (!parsed.success) {
        yield { type: 'problem-find', line: number, reason: 'not-json' };
        return;
      }
      head = toHead(parsed.data);
      yield { type: 'chat-start', chat: head };
      continue;
    }
    const { type } = asObject(line);
    if (type === 'file' || type === 'file-bytes') continue;
    const message = everwithMessageSchema.safeParse(line);
    if (!message.success || (message.data.parent ?? -1) >= places.length) {
      yield { type: 'problem-find', line: number, reason: text === null ? 'line-too-long' : 'not-a-message' };
      places.push(places.at(-1) ?? -1);
      continue;
    }
    const node = toNode(message.data, places, parents);
    yield { type: 'message-add', node };
    places.push(parents.length);
    parents.push(node.parent);
  }
  if (head) yield { type: 'chat-end', names: { characterName: head.characterName, userName: head.userName } };
}

function toHead(own: EverwithHead): ChatHead {
  return {
    format: 'everwith',
    title: own.title ?? '',
    characterName: own.characterName,
    userName: own.userName,
    createdAt: own.createdAt,
    // Another state of the same conversation is another conversation: nothing of either is lost.
    identity: null,
    mainChat: null,
    foreign: own.foreign ?? {},
    own,
  };
}

function toNode(
  message: EverwithMessage,
  places: readonly number[],
  parents: readonly (number | null)[],
): ImportedNode {
  const place = (number: number | null) => {
    const at = number === null ? -1 : (places[number] ?? -1);
    return at < 0 ? null : at;
  };
  const parts = message.parts.map(cleanPart);
  const parent = place(message.parent);
  const edited = place(message.editOf);
  // Edits stand beside what they are edits of.
  const editOf = edited !== null && parents[edited] === parent ? edited : null;
  return {
    parent,
    author: { kind: message.author.kind, name: message.author.name },
    text: textOf(parts),
    reasoning: reasoningOf({ parts }),
    hidden: message.hidden,
    createdAt: message.createdAt,
    chosen: message.chosen,
    foreign: message.foreign ?? {},
    own: { ...message, parts, editOf, number: places.length },
  };
}

/** Words as they may be kept; what waited or ran when the file was written does so no more. */
function cleanPart(part: MessagePart): MessagePart {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'note':
      return { ...part, text: cleanText(part.text) };
    case 'tool':
      return part.state === 'asked' || part.state === 'running' ? { ...part, state: 'stopped' } : part;
    case 'voice':
      return { ...part, callId: null, recorded: false };
    case 'event':
    case 'file':
    case 'image':
    case 'citations':
      return part;
    default:
      return part satisfies never;
  }
}

/** The files that came along with their bytes, one at a time; those whose lines do not fit together are passed over. */
export async function* readEverwithFiles(
  lines: AsyncIterable<TextLine>,
  { maxBytes }: { maxBytes: number },
): AsyncGenerator<{ file: EverwithFile; bytes: Buffer }> {
  let open: { file: EverwithFile; chunks: Buffer[]; size: number } | null = null;
  for await (const { text } of lines) {
    const line = asObject(text === null ? undefined : parseSafeJson(text));
    if (line['type'] === 'message') return;
    if (line['type'] === 'file') {
      const file = everwithFileSchema.safeParse(line);
      open = file.success && file.data.lines > 0 ? { file: file.data, chunks: [], size: 0 } : null;
    } else if (line['type'] === 'file-bytes' && open) {
      const piece = everwithBytesSchema.safeParse(line);
      if (!piece.success || piece.data.key !== open.file.key) {
        open = null;
        continue;
      }
      const bytes = Buffer.from(piece.data.data, 'base64');
      open.size += bytes.length;
      if (open.size > maxBytes) {
        open = null;
        continue;
      }
      open.chunks.push(bytes);
      if (open.chunks.length === open.file.lines) {
        yield { file: open.file, bytes: Buffer.concat(open.chunks) };
        open = null;
      }
    }
  }
}
