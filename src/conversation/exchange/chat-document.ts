import { cleanText } from '../../../contract/common.ts';
import { parseChatDate } from './chat-date.ts';
import type { ChatFormat, ChatHead, ImportedNode } from './imported-chat.ts';
import { cleanName } from './silly-tavern-message.ts';
import type { JsonObject } from './safe-json.ts';

/** A whole chat out of a JSON document. */
export interface ReadDocument {
  head: ChatHead;
  nodes: ImportedNode[];
}

export type LooseMessage = Omit<ImportedNode, 'parent' | 'chosen'>;

export interface HeadFields {
  title?: unknown;
  characterName?: unknown;
  userName?: unknown;
  createdAt?: unknown;
  identity?: unknown;
  foreign?: JsonObject;
}

export function documentHead(format: ChatFormat, fields: HeadFields): ChatHead {
  return {
    format,
    title: cleanName(fields.title),
    characterName: cleanName(fields.characterName),
    userName: cleanName(fields.userName),
    createdAt: parseChatDate(fields.createdAt),
    identity: typeof fields.identity === 'string' && fields.identity !== '' ? fields.identity.slice(0, 200) : null,
    mainChat: null,
    foreign: { source: format, ...fields.foreign },
  };
}

export interface LooseFields {
  kind: ImportedNode['author']['kind'];
  name?: unknown;
  text: string;
  reasoning?: string;
  hidden?: boolean;
  createdAt?: unknown;
  foreign?: JsonObject;
}

export function looseMessage(format: ChatFormat, fields: LooseFields): LooseMessage {
  return {
    author: { kind: fields.kind, name: cleanName(fields.name) },
    text: cleanText(fields.text),
    reasoning: cleanText(fields.reasoning ?? ''),
    hidden: fields.hidden ?? false,
    createdAt: parseChatDate(fields.createdAt),
    foreign: { source: format, ...fields.foreign },
  };
}
