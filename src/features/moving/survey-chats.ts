import { createHash } from 'node:crypto';
import { asObject, asText } from '../../conversation/exchange/safe-json.ts';
import type { ChatFormat, ChatHead, ChatNames, ImportedNode } from '../../conversation/exchange/imported-chat.ts';
import { readChatFile } from '../../conversation/exchange/read-chat-file.ts';
import type { SourceFile } from './sources/move-source.ts';

/** Speakers told apart in one chat. */
const MAX_SPEAKERS = 100;

/** One chat of a file, as far as a dry run knows it; its messages are read again when it is imported. */
export interface FoundChat {
  file: SourceFile;
  format: ChatFormat;
  fileName: string;
  /** Which chat of the file, from 0. */
  number: number;
  head: ChatHead;
  names: ChatNames;
  /** Equal for the same chat in an older or newer file, and for the branches of it. */
  identity: string;
  /** sha256 of all that is said, hex. */
  contentHash: string;
  /** Speakers by how often they speak, most first. */
  speakers: string[];
  messages: number;
  lastAt: number | null;
}

export type SurveyedChat = { type: 'chat'; chat: FoundChat } | { type: 'problem'; line: number | null; reason: string };

/** Reads a chat file once through, keeping of each chat what a report and an import need. */
export async function* surveyChats(
  file: SourceFile,
  { format, fileName, signal }: { format: ChatFormat; fileName: string; signal: AbortSignal },
): AsyncGenerator<SurveyedChat> {
  let tally: Tally | undefined;
  let number = 0;
  for await (const part of readChatFile(file.read(), { format, fileName })) {
    signal.throwIfAborted();
    if (part.type === 'problem-find') yield { type: 'problem', line: part.line, reason: part.reason };
    else if (part.type === 'chat-start') tally = new Tally(part.chat);
    else if (part.type === 'message-add') tally?.add(part.node);
    else if (tally) {
      if (tally.messages > 0) {
        yield { type: 'chat', chat: { file, format, fileName, number, ...tally.close(part.names) } };
      } else yield { type: 'problem', line: null, reason: 'no-messages' };
      number += 1;
      tally = undefined;
    }
  }
}

class Tally {
  readonly #head: ChatHead;
  readonly #hash = createHash('sha256');
  readonly #speakers = new Map<string, number>();
  #lastAt: number | null = null;
  messages = 0;

  constructor(head: ChatHead) {
    this.#head = head;
    if (head.own) this.#hash.update(JSON.stringify(head.own));
  }

  add({ parent, author, text, chosen, createdAt, own }: ImportedNode): void {
    this.messages += 1;
    this.#hash.update(JSON.stringify([parent, author.kind, author.name, text, ...(own ? [own] : [])]));
    if (createdAt !== null) this.#lastAt = Math.max(this.#lastAt ?? 0, createdAt);
    if (!chosen || author.kind !== 'character' || author.name === '') return;
    const count = this.#speakers.get(author.name) ?? 0;
    if (count > 0 || this.#speakers.size < MAX_SPEAKERS) this.#speakers.set(author.name, count + 1);
  }

  close(names: ChatNames): Omit<FoundChat, 'file' | 'format' | 'fileName' | 'number'> {
    const contentHash = this.#hash.digest('hex');
    return {
      head: this.#head,
      names,
      contentHash,
      identity: identityOf(this.#head, { names, contentHash }),
      speakers: [...this.#speakers].toSorted((a, b) => b[1] - a[1]).map(([name]) => name),
      messages: this.messages,
      lastAt: this.#lastAt,
    };
  }
}

/**
 * A chat's own id, else when and with whom it was begun, else its content. SillyTavern's branches carry the id and
 * date of the chat they left.
 */
function identityOf(head: ChatHead, { names, contentHash }: { names: ChatNames; contentHash: string }): string {
  const begun = asText(asObject(head.foreign['header'])['create_date']);
  const own = head.identity ?? (begun === '' ? null : JSON.stringify([begun, names.characterName, names.userName]));
  return createHash('sha256')
    .update(JSON.stringify([head.format, own ?? contentHash]))
    .digest('hex')
    .slice(0, 40);
}
