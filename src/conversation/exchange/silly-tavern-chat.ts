import { parseChatDate } from './chat-date.ts';
import type { ChatHead, ChatNames, ChatPart } from './imported-chat.ts';
import { asObject, asText, isObject, parseSafeJson, type JsonObject } from './safe-json.ts';
import { cleanName, isMessage, toNodes } from './silly-tavern-message.ts';
import type { TextLine } from './text-lines.ts';

/** What newer versions write instead of a name (SillyTavern#5941). */
const UNUSED = 'unused';

/** Where `chat_metadata.note_position` lies in the history rather than beside the character. */
export interface SillyTavernHeadForeign {
  source: 'sillytavern';
  /** The first line, or null for old group files, which begin with a message. */
  header: JsonObject | null;
  fileName: string;
}

/**
 * SillyTavern's chat files, and Chub's: a line of metadata (both forms, or none), then a message a line. A line that
 * cannot be read is reported and left out; a file in which nothing can be read is no chat and yields none.
 */
export async function* readSillyTavernChat(
  lines: AsyncIterable<TextLine>,
  { fileName }: { fileName: string },
): AsyncGenerator<ChatPart> {
  let head: ChatHead | undefined;
  let count = 0;
  let parent: number | null = null;
  const names: ChatNames = { characterName: '', userName: '' };
  for await (const { number, text } of lines) {
    if (text?.trim() === '') continue;
    const line = text === null ? undefined : parseSafeJson(text);
    if (text === null) yield { type: 'problem-find', line: number, reason: 'line-too-long' };
    else if (!isObject(line)) yield { type: 'problem-find', line: number, reason: 'not-json' };
    if (!isObject(line)) continue;
    if (!head && !isMessage(line) && isHeader(line)) {
      head = toHead(line, fileName);
      yield { type: 'chat-start', chat: head };
      continue;
    }
    const nodes = toNodes(line, parent);
    if (!nodes) {
      yield { type: 'problem-find', line: number, reason: 'not-a-message' };
      continue;
    }
    if (!head) {
      head = toHead(null, fileName);
      yield { type: 'chat-start', chat: head };
    }
    for (const node of nodes) {
      noteNames(names, node.author);
      yield { type: 'message-add', node };
    }
    parent = count + nodes.findIndex((node) => node.chosen);
    count += nodes.length;
  }
  if (!head) return;
  yield {
    type: 'chat-end',
    names: {
      characterName: head.characterName || names.characterName,
      userName: head.userName || names.userName,
    },
  };
}

export function isHeader(line: JsonObject): boolean {
  return ['chat_metadata', 'user_name', 'character_name', 'create_date'].some((key) => key in line);
}

function toHead(header: JsonObject | null, fileName: string): ChatHead {
  const metadata = asObject(header?.['chat_metadata']);
  const nameIn = (key: string) => {
    const name = cleanName(header?.[key]);
    return name === UNUSED ? '' : name;
  };
  const foreign: SillyTavernHeadForeign = { source: 'sillytavern', header, fileName };
  return {
    format: 'sillytavern',
    title: cleanName(fileName.replace(/\.jsonl$/i, '')),
    characterName: nameIn('character_name'),
    userName: nameIn('user_name'),
    createdAt: parseChatDate(header?.['create_date']),
    identity: asText(metadata['integrity']) || null,
    mainChat: asText(metadata['main_chat']) || null,
    foreign: { ...foreign },
  };
}

/** The first of each kind gives its name; narrators and hidden notices are nobody. */
function noteNames(names: ChatNames, { kind, name }: { kind: string; name: string }): void {
  if (kind === 'human' && names.userName === '') names.userName = name;
  if (kind === 'character' && names.characterName === '') names.characterName = name;
}
