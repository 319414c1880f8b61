import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { ImportedNode } from '../../conversation/exchange/imported-chat.ts';
import { blankMessage } from '../../conversation/blank-message.ts';
import { previewOf } from '../../conversation/conversation-tree.ts';
import { carryAttachments } from '../../conversation/attachment-store.ts';
import { insertStage } from '../../conversation/stage-store.ts';
import { insertMessage, setActiveChild } from '../../conversation/message-store.ts';
import { textOf, type MessageNode } from '../../conversation/tree-types.ts';
import type { Trx } from '../../storage/storage.ts';
import type { MovingContext } from './moving-context.ts';
import { ownMessage, type OwnKeys, type OwnMessage } from './own-message.ts';

/** Messages, and UTF-16 units of text, written in one transaction: others wait for it. */
const BATCH_MESSAGES = 50;
const BATCH_TEXT = 200_000;

/** Where a message of the file being read has its place in the tree. */
interface Place {
  id: string;
  depth: number;
  /** Of all that was said from the beginning to here. */
  key: string;
  hasActiveChild: boolean;
  stageId: string | null;
}

export interface GraftOptions {
  context: Pick<MovingContext, 'storage' | 'search' | 'newId'>;
  conversationId: string;
  /** What is there already; undefined for a conversation that nobody has seen yet. */
  existing?: readonly MessageNode[];
  /** Who an author of the file is here. */
  authorOf: (node: ImportedNode) => MessageNode['author'];
  /** For messages without a date before any that has one. */
  begunAt: number;
  /** What the keys of Everwith's own file mean; null for those of other programs. */
  ownKeys?: OwnKeys | null;
  /** False when one chat is all there will be: then nothing needs to be found again. */
  mayMeetAgain: boolean;
}

/**
 * Grows a conversation's tree by chats read one message at a time: what is there already, from the beginning on, is
 * found again, and what differs becomes a branch. Writes in transactions of bounded size, parents before children.
 */
export class ChatGraft {
  readonly #options: GraftOptions;
  readonly #byKey = new Map<string, Place>();
  readonly #isFresh: boolean;
  #places = new Map<number, Place>();
  #sameSaid = new Map<string, number>();
  #count = 0;
  /** Parents of whose children none is chosen so far, with the first of these: every path goes on somewhere. */
  readonly #undecided = new Map<Place, Place>();
  #lastTime: number;
  #batch: MessageNode[] = [];
  #batchText = 0;
  /** Parents on disk whose path gets a child. */
  #attachments: { parentId: string; childId: string }[] = [];
  #end: Place | null = null;
  #isFirstFile = true;
  /** Of Everwith's own file: stages and files by message, messages by number, and those the path runs through. */
  readonly #beside = new Map<string, OwnMessage>();
  readonly #byNumber = new Map<number, Place>();
  readonly #onPath = new Set<string>();
  added = 0;
  /** The last words on the path that was read first. */
  preview = '';

  constructor(options: GraftOptions) {
    this.#options = options;
    this.#isFresh = options.existing === undefined;
    this.#lastTime = options.begunAt;
    this.#learn(options.existing ?? []);
  }

  /** Where the path of the first chat ends; the last message that was read on it. */
  get end(): { id: string; depth: number } | null {
    return this.#end;
  }

  /** A message of Everwith's own file by its number. */
  idAt(number: number): string | undefined {
    return this.#byNumber.get(number)?.id;
  }

  /** The same where the path runs through it, or ends. */
  onPathAt(number: number): { id: string; depth: number } | undefined {
    const place = this.#byNumber.get(number);
    return place && this.#onPath.has(place.id) ? place : undefined;
  }

  /** Paths through older messages, to be set together with the conversation's own. */
  get attachments(): readonly { parentId: string; childId: string }[] {
    return this.#attachments;
  }

  /** `isLine`: messages hang only on the last ones, so that places further up can be forgotten. */
  async addChat(nodes: AsyncIterable<ImportedNode>, { isLine }: { isLine: boolean }): Promise<void> {
    this.#places = new Map();
    this.#sameSaid = new Map();
    this.#count = 0;
    this.#lastTime = this.#options.begunAt;
    let pathEnd: Place | null = null;
    for await (const node of nodes) {
      const parent = node.parent === null ? null : this.#places.get(node.parent);
      if (parent === undefined) continue;
      const place = this.#add(node, parent);
      this.#places.set(this.#count, place);
      this.#count += 1;
      if (node.chosen && parent === pathEnd) {
        pathEnd = place;
        if (node.own) this.#onPath.add(place.id);
        if (this.#isFirstFile) this.preview = previewOf({ parts: [{ type: 'text', text: node.text }] }) || this.preview;
      }
      if (isLine && node.parent !== null) this.#forgetBefore(node.parent);
      if (this.#batch.length >= BATCH_MESSAGES || this.#batchText >= BATCH_TEXT) await this.flush();
    }
    for (const [parent, child] of this.#undecided) this.#activate(parent, child);
    await this.flush();
    if (this.#isFirstFile) this.#end = pathEnd;
    this.#isFirstFile = false;
  }

  async flush(): Promise<void> {
    const { storage, search, conversationId } = { ...this.#options, ...this.#options.context };
    const batch = this.#batch.splice(0);
    const attachments = this.#isFresh ? this.#attachments.splice(0) : [];
    this.#batchText = 0;
    if (batch.length + attachments.length === 0) return;
    await storage.transaction(async (trx: Trx) => {
      for (const node of batch) {
        await insertMessage(trx, node);
        await search.put(trx, { id: node.id, conversationId, text: textOf(node.parts) });
        const beside = this.#beside.get(node.id);
        if (!beside) continue;
        if (beside.stage) await insertStage(trx, { messageId: node.id, conversationId, stage: beside.stage });
        await carryAttachments(trx, { messageId: node.id, conversationId, ids: beside.files });
      }
      for (const attachment of attachments) await setActiveChild(trx, attachment);
    });
    this.#beside.clear();
    await setImmediate();
  }

  #add(node: ImportedNode, parent: Place | null): Place {
    const author = this.#options.authorOf(node);
    const key = this.#keyOf(node, { author, parentKey: parent?.key ?? '' });
    let place = this.#options.mayMeetAgain ? this.#byKey.get(key) : undefined;
    if (!place) {
      place = this.#insert(node, { author, parent, key });
      if (this.#options.mayMeetAgain) this.#byKey.set(key, place);
    }
    if (node.own) this.#byNumber.set(node.own.number, place);
    if (parent && !parent.hasActiveChild) {
      if (node.chosen) this.#activate(parent, place);
      else if (!this.#undecided.has(parent)) this.#undecided.set(parent, place);
    }
    return place;
  }

  #insert(
    node: ImportedNode,
    { author, parent, key }: { author: MessageNode['author']; parent: Place | null; key: string },
  ): Place {
    const { newId } = this.#options.context;
    this.#lastTime = node.createdAt ?? this.#lastTime;
    const { conversationId } = this.#options;
    const message: MessageNode = {
      ...blankMessage({ id: newId(), conversationId, parent, createdAt: this.#lastTime }),
      author,
      parts: [
        ...(node.reasoning === '' ? [] : [{ type: 'reasoning' as const, text: node.reasoning }]),
        { type: 'text', text: node.text },
      ],
      hidden: node.hidden,
      foreign: JSON.stringify(node.foreign),
    };
    const own = node.own && this.#options.ownKeys ? this.#addOwn(message, node.own, this.#options.ownKeys) : message;
    this.#batch.push(own);
    this.#batchText += node.text.length;
    this.added += 1;
    const { id, depth, stageId } = own;
    return { id, depth, key, hasActiveChild: false, stageId };
  }

  #addOwn(message: MessageNode, own: NonNullable<ImportedNode['own']>, keys: OwnKeys): MessageNode {
    const said = ownMessage(own, keys);
    if (said.stage || said.files.length > 0) this.#beside.set(message.id, said);
    const editOf = own.editOf === null ? null : (this.#places.get(own.editOf)?.id ?? null);
    return { ...message, ...said.message, editOf, stageId: said.stage ? message.id : message.stageId };
  }

  #activate(parent: Place, child: Place): void {
    parent.hasActiveChild = true;
    this.#undecided.delete(parent);
    const waiting = this.#batch.findLast(({ id }) => id === parent.id);
    if (waiting) waiting.activeChildId = child.id;
    else this.#attachments.push({ parentId: parent.id, childId: child.id });
  }

  /** Who, what, after what; and the how-manieth time, as swipes may repeat themselves. */
  #keyOf(node: ImportedNode, { author, parentKey }: { author: MessageNode['author']; parentKey: string }): string {
    if (!this.#options.mayMeetAgain) return '';
    const said = saidKey({ parentKey, author, text: node.text });
    const times = this.#sameSaid.get(said) ?? 0;
    this.#sameSaid.set(said, times + 1);
    return `${said}${times === 0 ? '' : times}`;
  }

  #forgetBefore(parent: number): void {
    for (const number of this.#places.keys()) {
      if (number >= parent) return;
      this.#places.delete(number);
    }
  }

  #learn(nodes: readonly MessageNode[]): void {
    const byId = new Map<string, Place>();
    const times = new Map<string, number>();
    for (const node of nodes.toSorted((a, b) => a.depth - b.depth || (a.id < b.id ? -1 : 1))) {
      const parent = node.parentId === null ? null : byId.get(node.parentId);
      const said = saidKey({ parentKey: parent?.key ?? '', author: node.author, text: textOf(node.parts) });
      const count = times.get(said) ?? 0;
      times.set(said, count + 1);
      const key = `${said}${count === 0 ? '' : count}`;
      const place: Place = {
        id: node.id,
        depth: node.depth,
        key,
        hasActiveChild: node.activeChildId !== null,
        stageId: node.stageId,
      };
      byId.set(node.id, place);
      this.#byKey.set(key, place);
    }
  }
}

/** People may be renamed later; what they said stays the same. */
function saidKey({
  parentKey,
  author,
  text,
}: {
  parentKey: string;
  author: MessageNode['author'];
  text: string;
}): string {
  return createHash('sha256')
    .update(JSON.stringify([parentKey, author.kind, author.kind === 'human' ? '' : author.name, text]))
    .digest('base64url')
    .slice(0, 22);
}
