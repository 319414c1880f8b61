import type {
  BranchComparison,
  ComparedBranch,
  ConversationTree,
  TreeMatches,
  TreeRun,
} from '../../../contract/branches.ts';
import type { Actor } from '../../accounts/actor.ts';
import { foldTree, type FoldedTree } from '../../conversation/fold-tree.ts';
import { LONGEST_PATH, readAncestors, readMessages } from '../../conversation/message-store.ts';
import type { ParticipantRecord } from '../../conversation/participant-store.ts';
import { hears } from '../../conversation/seat.ts';
import { readFirstWords, readTreeMessages, type TreeMessage } from '../../conversation/tree-store.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import type { Branches } from './branches.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';
import { presentMessages } from './present-message.ts';
import { requireInConversation } from './require-message.ts';

/** UTF-16 units of a run's first message. */
const WORDS_LENGTH = 60;
/** Trees kept: as many as people look at in one house at a time. */
const MOST_TREES = 8;
/** Names and words may change without a revision; after so many ms the tree is read anew. */
const KEPT_FOR_MS = 30_000;
/** Messages of each branch that a comparison shows. */
const COMPARED = 60;
/** Messages of a search that are shown in the map. */
const MOST_MATCHES = 500;

interface KeptTree {
  revision: number;
  at: number;
  messages: readonly TreeMessage[];
  folded: FoldedTree;
  words: ReadonlyMap<string, string>;
}

/** The tree of a conversation as a whole: its map, what is found in it, and two of its branches beside each other. */
export class TreeMaps {
  readonly #context: ChatContext;
  readonly #conversations: Conversations;
  readonly #branches: Branches;
  readonly #kept = new Map<string, Promise<KeptTree>>();

  constructor(context: ChatContext, parts: { conversations: Conversations; branches: Branches }) {
    this.#context = context;
    this.#conversations = parts.conversations;
    this.#branches = parts.branches;
  }

  async read(actor: Actor, conversationId: string): Promise<ConversationTree> {
    const { conversation, seat } = await this.#conversations.requireSeat(actor, conversationId);
    const [{ revision, messages, folded, words }, named] = await Promise.all([
      this.#tree(conversation),
      this.#branches.marks(conversationId, seat),
    ]);
    const placeOf = placesOf(
      messages,
      named.map(({ messageId }) => messageId),
    );
    const marks = named.flatMap((mark) => {
      const run = folded.runOf[placeOf.get(mark.messageId) ?? -1] ?? -1;
      return run < 0 ? [] : [{ ...mark, run }];
    });
    const runs = folded.runs.map((run): TreeRun => {
      const [first, last] = [messages[run.first], messages[run.last]];
      if (!first || !last) throw new Error('A run without messages.');
      const heard = hears(seat, first);
      return {
        id: first.id,
        lastId: last.id,
        parent: run.parent,
        depth: first.depth,
        length: run.length,
        active: run.active,
        by: heard ? first.by : 'narrator',
        name: heard ? first.name : '',
        words: heard && !first.deleted ? (words.get(first.id) ?? '') : '',
        state: !heard ? 'withheld' : first.deleted ? 'deleted' : 'whole',
        at: last.createdAt,
      };
    });
    const shown = folded.runs.reduce((sum, { length }) => sum + length, 0);
    return { revision, leafId: conversation.leafId, messages: shown, runs, marks };
  }

  /** Where words stand on any branch; only what the reader heard. */
  async find(actor: Actor, conversationId: string, query: string): Promise<TreeMatches> {
    const { storage, search } = this.#context;
    const { conversation, seat } = await this.#conversations.requireSeat(actor, conversationId);
    const [tree, ids] = await Promise.all([
      this.#tree(conversation),
      search.findInConversation(storage.db, { conversationId, query }),
    ]);
    const found = new Set(ids);
    const matches = tree.messages.flatMap((message, place) => {
      const run = tree.folded.runOf[place] ?? -1;
      const isShown = found.has(message.id) && run >= 0 && !message.deleted && hears(seat, message);
      return isShown ? [{ messageId: message.id, run }] : [];
    });
    return { revision: tree.revision, matches: matches.slice(0, MOST_MATCHES) };
  }

  async compare(
    actor: Actor,
    conversationId: string,
    { leftId, rightId }: { leftId: string; rightId: string },
  ): Promise<BranchComparison> {
    const { db } = this.#context.storage;
    const { seat } = await this.#conversations.requireSeat(actor, conversationId);
    for (const messageId of [leftId, rightId]) await requireInConversation(db, { conversationId, messageId });
    const [left, right] = await Promise.all([this.#pathTo(leftId), this.#pathTo(rightId)]);
    let shared = 0;
    while (shared < left.length && left[shared] === right[shared]) shared += 1;
    const commonId = left[shared - 1];
    const [common] = commonId === undefined ? [] : await presentMessages(db, await readMessages(db, [commonId]), seat);
    return {
      common: common ?? null,
      left: await this.#branch(left.slice(shared), { endId: leftId, seat }),
      right: await this.#branch(right.slice(shared), { endId: rightId, seat }),
    };
  }

  async #pathTo(endId: string): Promise<string[]> {
    return (await readAncestors(this.#context.storage.db, { fromId: endId, limit: LONGEST_PATH }))
      .map(({ id }) => id)
      .toReversed();
  }

  async #branch(
    ids: readonly string[],
    { endId, seat }: { endId: string; seat: ParticipantRecord },
  ): Promise<ComparedBranch> {
    const { db } = this.#context.storage;
    const wanted = [...new Set([...ids.slice(0, COMPARED), ...ids.slice(-1)])];
    const nodes = (await readMessages(db, wanted)).toSorted((a, b) => a.depth - b.depth);
    const messages = await presentMessages(db, nodes, seat);
    return { endId, length: ids.length, messages: messages.slice(0, COMPARED), last: messages.at(-1) ?? null };
  }

  /** The folded tree, read in one pass and kept as long as nothing changed. */
  #tree(conversation: ConversationRecord): Promise<KeptTree> {
    const { id } = conversation;
    const before = this.#kept.get(id) ?? Promise.resolve(null);
    const reading = before
      .catch(() => null)
      .then((kept) => (kept !== null && this.#isFresh(kept, conversation) ? kept : this.#read(conversation)));
    this.#kept.delete(id);
    this.#kept.set(id, reading);
    reading.catch(() => this.#kept.delete(id));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_TREES && oldest !== undefined) this.#kept.delete(oldest);
    return reading;
  }

  #isFresh({ revision, at }: KeptTree, conversation: ConversationRecord): boolean {
    if (this.#context.live.inConversation(conversation.id).length > 0) return false;
    return revision === conversation.revision && this.#context.clock.now() - at < KEPT_FOR_MS;
  }

  async #read({ id, leafId, revision }: ConversationRecord): Promise<KeptTree> {
    const { storage, clock } = this.#context;
    const messages = await readTreeMessages(storage.db, id);
    const folded = foldTree(messages, leafId);
    const firsts = folded.runs.flatMap(({ first }) => messages[first]?.id ?? []);
    const words = await readFirstWords(storage.db, { ids: firsts, length: WORDS_LENGTH });
    return { revision, at: clock.now(), messages, folded, words };
  }
}

/** Places of some messages in a tree. */
function placesOf(messages: readonly TreeMessage[], ids: readonly string[]): Map<string, number> {
  const wanted = new Set(ids);
  const places = new Map<string, number>();
  if (wanted.size === 0) return places;
  for (const [place, { id }] of messages.entries()) if (wanted.has(id)) places.set(id, place);
  return places;
}
