import { WHOLE_TREE_FORMATS, type ExportConversationQuery, type ExportFormat } from '../../../contract/moving.ts';
import type { Locale } from '../../../contract/common.ts';
import { localeSchema } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../base/errors.ts';
import { localizeCard } from '../../character/card.ts';
import { readCharacterVersion } from '../../character/character-store.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import { branchEnds } from '../../conversation/tree-branches.ts';
import { listBranchMarks } from '../../conversation/branch-mark-store.ts';
import { keepTree, type KeptTree } from '../../conversation/kept-tree.ts';
import { readTreeLinks, type TreeLink } from '../../conversation/tree-store.ts';
import { writeEverwithChat } from '../../conversation/exchange/everwith-writer.ts';
import { writeHtml } from '../../conversation/exchange/html-writer.ts';
import { parseSafeJson } from '../../conversation/exchange/safe-json.ts';
import { writeSillyTavernChat } from '../../conversation/exchange/silly-tavern-writer.ts';
import { writeMarkdown, writePlainText } from '../../conversation/exchange/text-writers.ts';
import type { WrittenChat, WrittenStep } from '../../conversation/exchange/written-chat.ts';
import { LONGEST_PATH, readAncestors, readMessage, readWholeChildren } from '../../conversation/message-store.ts';
import { findSeat, type ParticipantRecord } from '../../conversation/participant-store.ts';
import { hears, hostSeat } from '../../conversation/seat.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import { TreeWays } from '../../conversation/tree-ways.ts';
import type { Storage } from '../../storage/storage.ts';
import { archiveBranches } from './branch-archive.ts';
import { openOwnChat } from './own-export.ts';

/** Messages read at a time. */
const STEPS_AT_A_TIME = 100;
/** Files of one archive; each tells its branch from the beginning. */
const MOST_BRANCHES = 200;

const WRITERS: Readonly<
  Record<
    Exclude<ExportFormat, 'everwith'>,
    { extension: string; mediaType: string; write: (chat: WrittenChat) => AsyncGenerator<string> }
  >
> = {
  sillytavern: { extension: 'jsonl', mediaType: 'application/jsonl', write: writeSillyTavernChat },
  markdown: { extension: 'md', mediaType: 'text/markdown', write: writeMarkdown },
  html: { extension: 'html', mediaType: 'text/html', write: writeHtml },
  text: { extension: 'txt', mediaType: 'text/plain', write: writePlainText },
};

export interface WrittenFile {
  fileName: string;
  mediaType: string;
  body: AsyncIterable<string | Uint8Array>;
}

export interface MovingOutContext {
  storage: Storage;
  nameOf(actor: Actor): Promise<string>;
}

/** Everything of a conversation that its files say the same way. */
interface Leaving {
  conversation: ConversationRecord;
  seat: ParticipantRecord;
  chat: Omit<WrittenChat, 'steps'>;
  fileName: string;
}

/** Conversations on their way out, as files other programs and people can read: what the person heard, nothing else. */
export class MovingOut {
  readonly #context: MovingOutContext;

  constructor(context: MovingOutContext) {
    this.#context = context;
  }

  /** One branch or all of them. SillyTavern's form takes the siblings of messages along as swipes. */
  async export(actor: Actor, id: string, query: ExportConversationQuery): Promise<WrittenFile> {
    const { format, scope } = query;
    if (scope === 'all' && !WHOLE_TREE_FORMATS.includes(format)) {
      throw new InvalidInputError('This form holds one branch only: choose one, or another form.', { field: 'format' });
    }
    const leaving = await this.#open(actor, id);
    const { conversation, chat, fileName } = leaving;
    const endId = scope === 'all' ? conversation.leafId : await this.#endOf(conversation, query);
    if (format === 'everwith') return this.#writeOwn(leaving, { endId, query });
    if (scope === 'all') return this.#writeBranches(leaving);
    const { extension, mediaType, write } = WRITERS[format];
    const body = write({ ...chat, steps: this.#stepsTo(leaving, endId) });
    return { fileName: `${fileName}.${extension}`, mediaType, body };
  }

  async #open(actor: Actor, id: string): Promise<Leaving> {
    const { storage, nameOf } = this.#context;
    const conversation = await readConversation(storage.db, { id, ownerId: actor.userId });
    if (!conversation || conversation.deletedAt !== null) throw new NotFoundError('There is no such conversation.');
    const character = await readCharacterVersion(storage.db, conversation.characterVersionId);
    const locale: Locale = localeSchema.parse(conversation.locale);
    const characterName = character ? localizeCard(character.version.card, locale).name : '';
    const title = conversation.title ?? characterName;
    const place = { conversationId: id, userId: actor.userId };
    return {
      conversation,
      seat: (await findSeat(storage.db, place)) ?? hostSeat(conversation),
      chat: {
        title,
        characterName,
        userName: await nameOf(actor),
        createdAt: conversation.createdAt,
        locale,
        foreign: conversation.foreign === null ? null : parseSafeJson(conversation.foreign),
      },
      fileName: fileNameOf(title),
    };
  }

  /** The end of the branch that was asked for. */
  async #endOf(
    { id, leafId }: ConversationRecord,
    { through, at, mark }: ExportConversationQuery,
  ): Promise<string | null> {
    const { db } = this.#context.storage;
    if (mark !== undefined) {
      const marks = await listBranchMarks(db, id);
      const named = marks.find((one) => one.id === mark);
      if (!named) throw new NotFoundError('There is no such name on this conversation.', { field: 'mark' });
      const { messageId } = named;
      return named.kind === 'checkpoint' ? messageId : this.#leafThrough(id, { messageId, field: 'mark' });
    }
    if (through !== undefined) return this.#leafThrough(id, { messageId: through, field: 'through' });
    if (at === undefined) return leafId;
    const message = await readMessage(db, at);
    if (message?.conversationId !== id) throw new NotFoundError('There is no such message.', { field: 'at' });
    return at;
  }

  async #leafThrough(id: string, { messageId, field }: { messageId: string; field: string }): Promise<string> {
    const { db } = this.#context.storage;
    const message = await readMessage(db, messageId);
    if (message?.conversationId !== id) throw new NotFoundError('There is no such message.', { field });
    return (await new TreeWays(db, id).end(message)).id;
  }

  /** The messages that go along, of one branch or all. */
  async #keep(
    { conversation, seat }: Leaving,
    { endId, scope }: { endId: string | null; scope: ExportConversationQuery['scope'] },
  ): Promise<{ tree: KeptTree; links: TreeLink[] }> {
    const { db } = this.#context.storage;
    const links = await readTreeLinks(db, conversation.id);
    const path = new Set(
      scope === 'all' || endId === null
        ? []
        : (await readAncestors(db, { fromId: endId, limit: LONGEST_PATH })).map(({ id }) => id),
    );
    const keeps = (link: TreeLink) => !link.deleted && hears(seat, link) && (scope === 'all' || path.has(link.id));
    return { tree: keepTree(scope === 'all' ? links : alongPath(links, path), { keeps, endId }), links };
  }

  async #writeOwn(
    leaving: Leaving,
    { endId, query }: { endId: string | null; query: ExportConversationQuery },
  ): Promise<WrittenFile> {
    const { tree } = await this.#keep(leaving, { endId, scope: query.scope });
    const { characterName, userName } = leaving.chat;
    const own = await openOwnChat(this.#context.storage, {
      conversation: leaving.conversation,
      names: { characterName, userName },
      tree,
      withFiles: query.files,
    });
    const fileName = `${leaving.fileName}.everwith.jsonl`;
    return { fileName, mediaType: 'application/jsonl', body: writeEverwithChat(own) };
  }

  /** SillyTavern's way with branches: a file for each, which names the one it left. */
  async #writeBranches(leaving: Leaving): Promise<WrittenFile> {
    const { conversation, chat, fileName } = leaving;
    const { tree, links } = await this.#keep(leaving, { endId: conversation.leafId, scope: 'all' });
    const ends = branchEnds(tree, links);
    if (ends.length > MOST_BRANCHES) {
      throw new ConflictError(
        `This conversation has ${ends.length} branches, more than the ${MOST_BRANCHES} that go into an archive for SillyTavern: save it in Everwith's own form, or branch by branch.`,
        { code: 'too-many-branches', details: { limit: MOST_BRANCHES } },
      );
    }
    const branches = ends.map((endId, index) => ({
      fileName: index === 0 ? `${fileName}.jsonl` : `${fileName} - Branch #${index}.jsonl`,
      write: () =>
        writeSillyTavernChat({
          ...chat,
          ...(index === 0 ? {} : { mainChat: fileName }),
          steps: this.#stepsTo(leaving, endId),
        }),
    }));
    return { fileName: `${fileName}.zip`, mediaType: 'application/zip', body: archiveBranches(branches) };
  }

  async *#stepsTo(leaving: Leaving, endId: string | null): AsyncGenerator<WrittenStep> {
    if (endId === null) return;
    const path = await readAncestors(this.#context.storage.db, { fromId: endId, limit: LONGEST_PATH });
    yield* this.#steps(leaving, path.toReversed());
  }

  async *#steps(
    { conversation, seat }: Leaving,
    path: readonly { id: string; parentId: string | null }[],
  ): AsyncGenerator<WrittenStep> {
    const { id: conversationId } = conversation;
    const { db } = this.#context.storage;
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

/** A branch goes on from each of its messages to the next, wherever its tree was left. */
function alongPath(links: readonly TreeLink[], path: ReadonlySet<string>): TreeLink[] {
  const next = new Map<string, string>();
  for (const { id, parentId } of links) if (parentId !== null && path.has(id)) next.set(parentId, id);
  return links.map((link) => ({ ...link, activeChildId: next.get(link.id) ?? null }));
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
