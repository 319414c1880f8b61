import { readAgnaiChat } from './agnai-chat.ts';
import { readCaiHistory } from './cai-tools-chat.ts';
import type { ReadDocument } from './chat-document.ts';
import { readChatGptChat } from './chatgpt-chat.ts';
import { readClaudeChat } from './claude-chat.ts';
import type { ChatFormat, ChatPart } from './imported-chat.ts';
import { readEverwithChat } from './everwith-chat.ts';
import { splitJson } from './json-items.ts';
import { readKoboldChat } from './kobold-chat.ts';
import { readOobaChat } from './ooba-chat.ts';
import { readOpenWebUiChat } from './open-webui-chat.ts';
import { readRisuChat } from './risu-chat.ts';
import { asArray, asObject, isObject, parseSafeJson, type JsonObject } from './safe-json.ts';
import { readSillyTavernChat } from './silly-tavern-chat.ts';
import { readLines } from './text-lines.ts';

type DocumentFormat = Exclude<ChatFormat, 'sillytavern' | 'everwith'>;

interface DocumentReader {
  /** The list whose elements are chats, where a file may hold many. */
  list: readonly string[];
  /** Reads one element of the list, or the whole document where there is no such list. */
  read(item: JsonObject, rest: JsonObject): ReadDocument | null;
}

/** No document has a list of this name: it is read whole. */
const WHOLE = ['\u0000'];

const READERS: Readonly<Record<DocumentFormat, DocumentReader>> = {
  'cai-tools': { list: ['histories', 'histories'], read: readCaiHistory },
  ooba: { list: WHOLE, read: readOobaChat },
  agnai: { list: WHOLE, read: readAgnaiChat },
  kobold: { list: WHOLE, read: readKoboldChat },
  risu: { list: ['data'], read: (item) => readRisuChat(isObject(item['data']) ? item['data'] : item) },
  'open-webui': { list: [], read: readOpenWebUiChat },
  chatgpt: { list: [], read: readChatGptChat },
  claude: { list: [], read: readClaudeChat },
};

/** Reads a chat file of a known format, chat by chat, in bounded memory whatever its size. */
export async function* readChatFile(
  chunks: AsyncIterable<Uint8Array>,
  { format, fileName }: { format: ChatFormat; fileName: string },
): AsyncGenerator<ChatPart> {
  if (format === 'sillytavern') yield* readSillyTavernChat(readLines(chunks), { fileName });
  else if (format === 'everwith') yield* readEverwithChat(readLines(chunks));
  else yield* readDocument(chunks, READERS[format]);
}

async function* readDocument(chunks: AsyncIterable<Uint8Array>, reader: DocumentReader): AsyncGenerator<ChatPart> {
  let items = 0;
  let rest: JsonObject = {};
  for await (const piece of splitJson(chunks, reader.list)) {
    const value = piece.text === null ? undefined : parseSafeJson(piece.text);
    if (piece.type === 'item') {
      items += 1;
      yield* present(value, { reader, rest, number: piece.number, isTooLong: piece.text === null });
      continue;
    }
    rest = asObject(value);
    if (items === 0 && value !== undefined && !isObject(value)) continue;
    if (items === 0) yield* presentWhole(value, { reader, isTooLong: piece.text === null });
    else if (value === undefined) yield { type: 'problem-find', line: null, reason: 'cut-off' };
  }
}

/** A document without the list is one chat; some have the list in another place. */
async function* presentWhole(
  value: unknown,
  { reader, isTooLong }: { reader: DocumentReader; isTooLong: boolean },
): AsyncGenerator<ChatPart> {
  const document = asObject(value);
  const histories = asArray(document['histories']);
  if (reader === READERS['cai-tools'] && histories.length > 0) {
    for (const [index, history] of histories.entries()) {
      yield* present(history, { reader, rest: document, number: index + 1, isTooLong: false });
    }
    return;
  }
  yield* present(value, { reader, rest: document, number: null, isTooLong });
}

function* present(
  value: unknown,
  {
    reader,
    rest,
    number,
    isTooLong,
  }: { reader: DocumentReader; rest: JsonObject; number: number | null; isTooLong: boolean },
): Generator<ChatPart> {
  if (isTooLong || !isObject(value)) {
    yield { type: 'problem-find', line: number, reason: isTooLong ? 'item-too-long' : 'not-json' };
    return;
  }
  const chat = reader.read(value, rest);
  if (!chat) {
    yield { type: 'problem-find', line: number, reason: 'no-messages' };
    return;
  }
  yield { type: 'chat-start', chat: chat.head };
  for (const node of chat.nodes) yield { type: 'message-add', node };
  const { characterName, userName } = chat.head;
  yield { type: 'chat-end', names: { characterName, userName } };
}
