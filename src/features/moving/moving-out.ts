import type { ExportFormat } from '../../../contract/moving.ts';
import type { Locale } from '../../../contract/common.ts';
import { localeSchema } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import { localizeCard } from '../../character/card.ts';
import { readCharacterVersion } from '../../character/character-store.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import { writeHtml } from '../../conversation/exchange/html-writer.ts';
import { parseSafeJson } from '../../conversation/exchange/safe-json.ts';
import { writeSillyTavernChat } from '../../conversation/exchange/silly-tavern-writer.ts';
import { writeMarkdown, writePlainText } from '../../conversation/exchange/text-writers.ts';
import type { WrittenChat, WrittenStep } from '../../conversation/exchange/written-chat.ts';
import {
  LONGEST_PATH,
  readAncestors,
  readLeafBelow,
  readMessage,
  readWholeChildren,
} from '../../conversation/message-store.ts';
import { findSeat } from '../../conversation/participant-store.ts';
import { hears, hostSeat } from '../../conversation/seat.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import type { Storage } from '../../storage/storage.ts';

/** Messages read at a time. */
const STEPS_AT_A_TIME = 100;

const WRITERS: Readonly<
  Record<ExportFormat, { extension: string; mediaType: string; write: (chat: WrittenChat) => AsyncGenerator<string> }>
> = {
  sillytavern: { extension: 'jsonl', mediaType: 'application/jsonl', write: writeSillyTavernChat },
  markdown: { extension: 'md', mediaType: 'text/markdown', write: writeMarkdown },
  html: { extension: 'html', mediaType: 'text/html', write: writeHtml },
  text: { extension: 'txt', mediaType: 'text/plain', write: writePlainText },
};

export interface WrittenFile {
  fileName: string;
  mediaType: string;
  body: AsyncIterable<string>;
}

export interface MovingOutContext {
  storage: Storage;
  nameOf(actor: Actor): Promise<string>;
}

/** Conversations on their way out, as files other programs and people can read. */
export class MovingOut {
  readonly #context: MovingOutContext;

  constructor(context: MovingOutContext) {
    this.#context = context;
  }

  /** The active path, or the branch `through` a message; SillyTavern's form takes the siblings of its messages along as swipes. */
  async export(
    actor: Actor,
    id: string,
    { format, through }: { format: ExportFormat; through?: string | undefined },
  ): Promise<WrittenFile> {
    const { storage, nameOf } = this.#context;
    const conversation = await readConversation(storage.db, { id, ownerId: actor.userId });
    if (!conversation || conversation.deletedAt !== null) throw new NotFoundError('There is no such conversation.');
    const character = await readCharacterVersion(storage.db, conversation.characterVersionId);
    const locale: Locale = localeSchema.parse(conversation.locale);
    const characterName = character ? localizeCard(character.version.card, locale).name : '';
    const endId = through === undefined ? conversation.leafId : await this.#endOf(conversation, through);
    const path = endId === null ? [] : await readAncestors(storage.db, { fromId: endId, limit: LONGEST_PATH });
    const title = conversation.title ?? characterName;
    const { extension, mediaType, write } = WRITERS[format];
    const body = write({
      title,
      characterName,
      userName: await nameOf(actor),
      createdAt: conversation.createdAt,
      locale,
      foreign: conversation.foreign === null ? null : parseSafeJson(conversation.foreign),
      steps: this.#steps(conversation, path.toReversed()),
    });
    return { fileName: `${fileNameOf(title)}.${extension}`, mediaType, body };
  }

  /** The end of the branch that runs through a message. */
  async #endOf({ id }: ConversationRecord, messageId: string): Promise<string> {
    const { db } = this.#context.storage;
    const message = await readMessage(db, messageId);
    const end = message?.conversationId === id ? await readLeafBelow(db, messageId) : undefined;
    if (!end) throw new NotFoundError('There is no such message.', { field: 'through' });
    return end.id;
  }

  async *#steps(
    conversation: ConversationRecord,
    path: readonly { id: string; parentId: string | null }[],
  ): AsyncGenerator<WrittenStep> {
    const { id: conversationId, ownerId: userId } = conversation;
    const { db } = this.#context.storage;
    const seat = (await findSeat(db, { conversationId, userId })) ?? hostSeat(conversation);
    for (let start = 0; start < path.length; start += STEPS_AT_A_TIME) {
      const part = path.slice(start, start + STEPS_AT_A_TIME);
      const parentIds = part.map(({ parentId }) => parentId);
      const all = await readWholeChildren(db, { conversationId, parentIds });
      const children = all.filter((child) => hears(seat, child));
      for (const { id, parentId } of part) {
        const siblings = children.filter((child) => child.parentId === parentId);
        const message = siblings.find((child) => child.id === id);
        // A message that was deleted, or that the host did not hear, has nothing to tell.
        if (message) yield { message, siblings };
      }
    }
  }
}

function fileNameOf(title: string): string {
  const name = title
    .normalize('NFC')
    .replace(/[\p{Cc}<>:"/\\|?*]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80)
    .toWellFormed();
  return name.replace(/^\.+|\.+$/g, '') || 'conversation';
}
