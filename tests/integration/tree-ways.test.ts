import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { createIdGenerator } from '../../src/base/ids.ts';
import { seededNumbers } from '../../src/base/seeded-numbers.ts';
import { ActivePaths } from '../../src/conversation/active-paths.ts';
import { blankMessage } from '../../src/conversation/blank-message.ts';
import { readConversation } from '../../src/conversation/conversation-store.ts';
import { appendToPath, endPathAt, routePathThrough, takeLeafAway } from '../../src/conversation/conversation-tree.ts';
import { insertMessage, listMessages, readMessage } from '../../src/conversation/message-store.ts';
import { TreeWays } from '../../src/conversation/tree-ways.ts';
import type { ConversationRecord, MessageNode } from '../../src/conversation/tree-types.ts';
import type { Trx } from '../../src/storage/storage.ts';
import { beginConversation, OWNER } from '../../bench/storage/seed-conversation.ts';
import { openTestStorage, type TestStorage } from '../support/open-test-storage.ts';
import { isFull } from './support/test-database.ts';

/** Beyond the longest step of each length that a tree has: 1,024, and whole 32,768. */
const LENGTHS = isFull ? [1100, 2100, 34_000] : [1100];
const CHANGES = isFull ? 300 : 60;
const newId = createIdGenerator(systemClock);

let opened: TestStorage;
beforeAll(async () => {
  opened = await openTestStorage();
});
afterAll(() => opened?.[Symbol.asyncDispose]());

/** The tree as one would walk it step by step. */
class PlainTree {
  readonly depths = new Map<string, number>();
  readonly parents = new Map<string, string | null>();
  readonly active = new Map<string, string>();
  readonly ids: string[] = [];
  leaf = '';

  add(id: string, parentId: string | null): void {
    this.ids.push(id);
    this.parents.set(id, parentId);
    this.depths.set(id, parentId === null ? 0 : (this.depths.get(parentId) ?? 0) + 1);
    if (parentId !== null) this.active.set(parentId, id);
    this.leaf = id;
  }

  lineOf(id: string): string[] {
    const line: string[] = [];
    for (let at: string | null = id; at !== null; at = this.parents.get(at) ?? null) line.push(at);
    return line;
  }

  lead(id: string): void {
    const line = this.lineOf(id);
    for (const [index, upper] of line.slice(1).entries()) this.active.set(upper, line[index] ?? '');
  }

  endBelow(id: string): string {
    let at = id;
    for (let next = this.active.get(at); next !== undefined; next = this.active.get(at)) at = next;
    return at;
  }

  /** Through a message, to the end last seen below it; one that is on the path leaves the path and goes on at its end. */
  route(id: string): void {
    const isOnPath = this.lineOf(this.leaf).includes(id);
    this.lead(id);
    this.leaf = this.endBelow(isOnPath ? this.leaf : id);
  }

  takeLeafAway(): void {
    const parent = this.parents.get(this.leaf) ?? '';
    this.ids.splice(this.ids.indexOf(this.leaf), 1);
    this.active.delete(parent);
    this.leaf = parent;
  }
}

/** A talk without forks, written as moved-in ones are: without any long steps. */
async function begin(length: number): Promise<{ conversationId: string; plain: PlainTree }> {
  const { storage } = opened;
  const { conversation } = await beginConversation(storage, newId);
  const plain = new PlainTree();
  await storage.transaction(async (trx) => {
    const ids = Array.from({ length }, () => newId());
    for (const [depth, id] of ids.entries()) {
      const node = blank(conversation.id, depth === 0 ? null : { id: ids[depth - 1] ?? '', depth: depth - 1 }, id);
      await insertMessage(trx, { ...node, activeChildId: ids[depth + 1] ?? null });
      plain.add(id, node.parentId);
    }
    await trx
      .updateTable('conversation')
      .set({ leafId: plain.leaf, messageCount: length })
      .where('id', '=', conversation.id)
      .execute();
  });
  return { conversationId: conversation.id, plain };
}

function blank(conversationId: string, parent: { id: string; depth: number } | null, id = newId()): MessageNode {
  const message = blankMessage({ id, conversationId, parent, createdAt: 1 });
  return { ...message, author: { kind: 'human', id: OWNER, name: 'Robin' }, parts: [{ type: 'text', text: 'Yes.' }] };
}

type Change = (trx: Trx, conversation: ConversationRecord, plain: PlainTree, some: () => string) => Promise<unknown>;

/** What moves a path, as the house does it. */
const CHANGES_OF_PATHS: Change[] = [
  async (trx, conversation, plain, some) => {
    const id = some();
    plain.route(id);
    await routePathThrough(trx, { conversation, nodeId: id });
  },
  async (trx, conversation, plain, some) => {
    const id = some();
    plain.lead(id);
    plain.leaf = id;
    await endPathAt(trx, { conversation, node: await require(trx, id) });
  },
  // Said again beside what was said.
  async (trx, conversation, plain, some) => {
    const node = blank(conversation.id, await require(trx, some()));
    await appendToPath(trx, { conversation, nodes: [node] });
    const before = plain.leaf;
    plain.add(node.id, node.parentId);
    plain.leaf = before;
    plain.route(node.id);
    await routePathThrough(trx, { conversation, nodeId: node.id });
  },
  (trx, conversation, plain) => talkOn(trx, { conversation, plain, count: 40 }),
  // A reply that says nothing, where a long step would end at it.
  async (trx, conversation, plain) => {
    await talkOn(trx, { conversation, plain, count: 31 - ((plain.depths.get(plain.leaf) ?? 0) % 32) });
    const leaf = await require(trx, plain.leaf);
    const node: MessageNode = { ...blank(conversation.id, leaf), state: 'streaming', parts: [] };
    const grown = await read(trx, conversation.id);
    await appendToPath(trx, { conversation: grown, nodes: [node] });
    plain.add(node.id, leaf.id);
    await takeLeafAway(trx, { leaf: node, now: 1 });
    plain.takeLeafAway();
  },
];

async function talkOn(
  trx: Trx,
  { conversation, plain, count }: { conversation: ConversationRecord; plain: PlainTree; count: number },
): Promise<void> {
  const nodes: MessageNode[] = [];
  let last: { id: string; depth: number } = await require(trx, plain.leaf);
  for (let made = 0; made < count; made += 1) {
    const node = blank(conversation.id, last);
    nodes.push(node);
    plain.add(node.id, last.id);
    last = node;
  }
  await appendToPath(trx, { conversation, nodes });
}

async function require(trx: Trx, id: string): Promise<MessageNode> {
  const node = await readMessage(trx, id);
  if (!node) throw new Error(`There is no message ${id}.`);
  return node;
}

test.each(LENGTHS)('ways by long steps are those by single ones, whatever moves: %i messages', async (length) => {
  const { storage } = opened;
  const { conversationId, plain } = await begin(length);
  const random = seededNumbers(length);
  // Places near the end, the beginning and anywhere; the paths part and meet at every depth.
  const some = () => {
    const index = Math.floor(random() ** (random() < 0.5 ? 3 : 1) * plain.ids.length);
    return plain.ids[random() < 0.5 ? index : plain.ids.length - 1 - index] ?? '';
  };
  const paths = new ActivePaths(storage.db);
  for (let change = 0; change < CHANGES; change += 1) {
    const way = CHANGES_OF_PATHS[Math.floor(random() * CHANGES_OF_PATHS.length)];
    const conversation = await storage.transaction(async (trx) => {
      const before = await read(trx, conversationId);
      await way?.(trx, before, plain, some);
      return read(trx, conversationId);
    });
    expect(conversation.leafId, `change ${change}`).toBe(plain.leaf);
    expect(conversation.messageCount).toBe((plain.depths.get(plain.leaf) ?? 0) + 1);
    await expectOneTruth(paths, { conversation, plain, some });
    if (change % 20 !== 0) continue;
    const nodes = await listMessages(storage.db, conversationId);
    const children = new Map(nodes.map(({ id, activeChildId }) => [id, activeChildId ?? undefined]));
    expect(plain.ids.filter((id) => children.get(id) !== plain.active.get(id))).toEqual([]);
  }
});

async function expectOneTruth(
  paths: ActivePaths,
  { conversation, plain, some }: { conversation: ConversationRecord; plain: PlainTree; some: () => string },
): Promise<void> {
  const onPath = new Set(plain.lineOf(plain.leaf));
  const asked = Array.from({ length: 5 }, some).map((id) => ({ id, depth: plain.depths.get(id) ?? 0 }));
  const told = await paths.among(conversation, asked);
  expect(asked.map(({ id }) => told.has(id))).toEqual(asked.map(({ id }) => onPath.has(id)));
  const [one, other] = asked;
  if (!one || !other) return;
  const ways = new TreeWays(opened.storage.db, conversation.id);
  const line = new Set(plain.lineOf(one.id));
  expect((await ways.meeting(one, other))?.id).toBe(plain.lineOf(other.id).find((id) => line.has(id)));
  expect((await ways.end(one)).id).toBe(plain.endBelow(one.id));
}

async function read(trx: Trx, id: string): Promise<ConversationRecord> {
  const conversation = await readConversation(trx, { id, ownerId: OWNER });
  if (!conversation) throw new Error('The conversation is gone.');
  return conversation;
}
