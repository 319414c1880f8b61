import type { EverwithHead, EverwithMessage } from './everwith-lines.ts';

/** Programs whose chats are read. `sillytavern` covers every file in its JSONL form, Chub's too. */
export type ChatFormat =
  | 'everwith'
  | 'sillytavern'
  | 'cai-tools'
  | 'ooba'
  | 'agnai'
  | 'kobold'
  | 'risu'
  | 'open-webui'
  | 'chatgpt'
  | 'claude';

/** What a file says about a chat as a whole. */
export interface ChatHead {
  format: ChatFormat;
  title: string;
  /** Empty while only the messages tell. */
  characterName: string;
  userName: string;
  /** Milliseconds since the epoch. */
  createdAt: number | null;
  /** The chat's own id in its program: the same in an older or newer file of it. */
  identity: string | null;
  /** The name of the file this one branched off, in SillyTavern. */
  mainChat: string | null;
  /** What has no place of its own, as it came. */
  foreign: Record<string, unknown>;
  /** Everything that Everwith's own file says; absent in those of other programs. */
  own?: EverwithHead;
}

/** One message of a tree; swipes are siblings. */
export interface ImportedNode {
  /** The parent's place in the order of arrival, always before this one's; null = a first message. */
  parent: number | null;
  author: { kind: 'human' | 'character' | 'narrator'; name: string };
  text: string;
  reasoning: string;
  hidden: boolean;
  createdAt: number | null;
  /** True for exactly one of the children of a parent: the path runs through it. */
  chosen: boolean;
  foreign: Record<string, unknown>;
  /** The same in Everwith's own words, with its number in the file; `editOf` is a place in the order of arrival. */
  own?: EverwithMessage & { number: number };
}

export interface ChatNames {
  characterName: string;
  userName: string;
}

/** What a chat file turns out to hold, in order. A file may hold many chats. */
export type ChatPart =
  | { type: 'chat-start'; chat: ChatHead }
  | { type: 'message-add'; node: ImportedNode }
  | { type: 'chat-end'; names: ChatNames }
  /** Something could not be read and was left out. `line` counts from 1. */
  | { type: 'problem-find'; line: number | null; reason: string };

export interface ImportedChat extends ChatHead {
  nodes: ImportedNode[];
}

/** Whole chats in memory, for files known to be small. */
export async function collectChats(
  parts: AsyncIterable<ChatPart>,
): Promise<{ chats: ImportedChat[]; problems: { line: number | null; reason: string }[] }> {
  const chats: ImportedChat[] = [];
  const problems: { line: number | null; reason: string }[] = [];
  let current: ImportedChat | undefined;
  for await (const part of parts) {
    if (part.type === 'chat-start') {
      current = { ...part.chat, nodes: [] };
    } else if (part.type === 'message-add') {
      current?.nodes.push(part.node);
    } else if (part.type === 'problem-find') {
      problems.push({ line: part.line, reason: part.reason });
    } else if (current) {
      chats.push({ ...current, ...part.names });
      current = undefined;
    }
  }
  return { chats, problems };
}
