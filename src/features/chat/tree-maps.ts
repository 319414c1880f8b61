import type {
  BranchComparison,
  ComparedBranch,
  ConversationTree,
  TreeMatches,
  TreeRun,
} from '../../../contract/branches.ts';
import type { Actor } from '../../accounts/actor.ts';
import { foldTree, type FoldedTree, type TreeRow } from '../../conversation/fold-tree.ts';
import { readDepths, readMessages, readPathUp } from '../../conversation/message-store.ts';
import type { ParticipantRecord } from '../../conversation/participant-store.ts';
import { hears } from '../../conversation/seat.ts';
import { readAudiences, readTimes, readTreeFaces, readTreeRows, type TreeFace } from '../../conversation/tree-store.ts';
import { TreeWays } from '../../conversation/tree-ways.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import type { Place } from '../../conversation/waypoint-store.ts';
import { NotFoundError } from '../../base/errors.ts';
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

interface BranchToShow {
  ways: TreeWays;
  /** The depth of its first message. */
  from: number;
  end: Place;
  conversationId: string;
  seat: ParticipantRecord;
}

interface KeptTree {
  revision: number;
  at: number;
  rows: readonly TreeRow[];
  folded: FoldedTree;
  /** Of the first message of each run. */
  faces: ReadonlyMap<string, TreeFace>;
  /** Of the last message of each run. */
  times: ReadonlyMap<string, number>;
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
    const [{ revision, rows, folded, faces, times }, named] = await Promise.all([
      this.#tree(conversation),
      this.#branches.marks(conversationId, seat),
    ]);
    const placeOf = placesOf(
      rows,
      named.map(({ messageId }) => messageId),
    );
    const marks = named.flatMap((mark) => {
      const run = folded.runOf[placeOf.get(mark.messageId) ?? -1] ?? -1;
      return run < 0 ? [] : [{ ...mark, run }];
    });
    const runs = folded.runs.map((run): TreeRun => {
      const [first, last] = [rows[run.first], rows[run.last]];
      if (!first || !last) throw new Error('A run without messages.');
      // A reply that said nothing may have been taken out of the tree while it was read.
      const face = faces.get(first.id);
      const heard = face !== undefined && hears(seat, face);
      return {
        id: first.id,
        lastId: last.id,
        parent: run.parent,
        depth: run.depth,
        length: run.length,
        active: run.active,
        by: heard ? face.by : 'narrator',
        name: heard ? face.name : '',
        words: heard && !first.deleted ? face.words : '',
        state: !heard ? 'withheld' : first.deleted ? 'deleted' : 'whole',
        at: times.get(last.id) ?? 0,
      };
    });
    const shown = folded.runs.reduce((sum, { length }) => sum + length, 0);
    return { revision, leafId: conversation.leafId, messages: shown, runs, marks };
  }

  /** Where words stand on any branch; only what the reader heard. */
  async find(actor: Actor, conversationId: string, query: string): Promise<TreeMatches> {
    const { storage, search } = this.#context;
    const { conversation, seat } = await this.#conversations.requireSeat(actor, conversationId);
    const [{ revision, rows, folded }, ids] = await Promise.all([
      this.#tree(conversation),
      search.findInConversation(storage.db, { conversationId, query }),
    ]);
    const audiences = await readAudiences(storage.db, ids);
    const places = placesOf(rows, ids);
    const matches = ids.toSorted().flatMap((messageId) => {
      const place = places.get(messageId) ?? -1;
      const run = folded.runOf[place] ?? -1;
      const audience = audiences.get(messageId);
      const isShown = run >= 0 && rows[place]?.deleted === false && audience && hears(seat, { audience });
      return isShown ? [{ messageId, run }] : [];
    });
    return { revision, matches: matches.slice(0, MOST_MATCHES) };
  }

  async compare(
    actor: Actor,
    conversationId: string,
    { leftId, rightId }: { leftId: string; rightId: string },
  ): Promise<BranchComparison> {
    const { db } = this.#context.storage;
    const { seat } = await this.#conversations.requireSeat(actor, conversationId);
    for (const messageId of [leftId, rightId]) await requireInConversation(db, { conversationId, messageId });
    const ways = new TreeWays(db, conversationId);
    const [left, right] = [await this.#placeOf(leftId), await this.#placeOf(rightId)];
    const meeting = await ways.meeting(left, right);
    const [common] = meeting === null ? [] : await presentMessages(db, await readMessages(db, [meeting.id]), seat);
    const from = meeting === null ? 0 : meeting.depth + 1;
    return {
      common: common ?? null,
      left: await this.#branch({ ways, from, end: left, conversationId, seat }),
      right: await this.#branch({ ways, from, end: right, conversationId, seat }),
    };
  }

  async #placeOf(id: string): Promise<Place> {
    const [place] = await readDepths(this.#context.storage.db, [id]);
    if (!place) throw new NotFoundError('There is no such message.');
    return place;
  }

  /** A branch from a depth on to its end: its first messages, and the last. */
  async #branch({ ways, from, end, conversationId, seat }: BranchToShow): Promise<ComparedBranch> {
    const { db } = this.#context.storage;
    const length = end.depth + 1 - from;
    if (length === 0) return { endId: end.id, length, messages: [], last: null };
    const count = Math.min(length, COMPARED);
    const upTo = await ways.above(end, from + count - 1);
    const nodes = await readPathUp(db, { conversationId, fromId: upTo.id, limit: count });
    const last = length > count ? await readMessages(db, [end.id]) : nodes.slice(-1);
    return {
      endId: end.id,
      length,
      messages: await presentMessages(db, nodes, seat),
      last: (await presentMessages(db, last, seat))[0] ?? null,
    };
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
    const rows = await readTreeRows(storage.db, id);
    const folded = foldTree(rows, leafId);
    const firsts = folded.runs.flatMap(({ first }) => rows[first]?.id ?? []);
    const lasts = folded.runs.flatMap(({ last }) => rows[last]?.id ?? []);
    const faces = await readTreeFaces(storage.db, { ids: firsts, length: WORDS_LENGTH });
    const times = await readTimes(storage.db, lasts);
    return { revision, at: clock.now(), rows, folded, faces, times };
  }
}

/** Places of some messages in a tree. */
function placesOf(rows: readonly TreeRow[], ids: readonly string[]): Map<string, number> {
  const wanted = new Set(ids);
  const places = new Map<string, number>();
  if (wanted.size === 0) return places;
  for (const [place, { id }] of rows.entries()) if (wanted.has(id)) places.set(id, place);
  return places;
}
