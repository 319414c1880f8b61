import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '../../contract/messages.ts';
import { AppError } from '../../src/base/errors.ts';
import { textOf, type MessageNode } from '../../src/conversation/tree-types.ts';
import { activePath, expectSoundTree, readTree, type Tree } from './support/check-tree.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';
import { isFull } from './support/test-database.ts';

let house: ChatHouse;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
});
afterAll(() => house[Symbol.asyncDispose]());

/** What people do, with a number that picks the message it is done to. */
const step = fc.record({
  what: fc.constantFrom(
    'say',
    'ask',
    'regenerate',
    'continue',
    'answer',
    'edit',
    'edit-and-ask',
    'choose',
    'delete',
    'restore',
    'stop',
    'end-here',
    'mark',
    'branch-off',
    'delete-many',
    'hide-many',
    'undo',
  ),
  pick: fc.nat({ max: 1000 }),
  stale: fc.boolean(),
});
type Step = { what: string; pick: number; stale: boolean };

/** Steps that leave the path's revision alone. */
const KEEPS_REVISION = ['stop', 'mark', 'branch-off'];

/** The changes of many that can be undone, by conversation. */
const batches = new Map<string, string>();

/** Changes many messages from one on, or only those of an author. */
async function performMany(
  conversationId: string,
  { what, pick, stale }: Step,
  { messageId, expectedRevision }: { messageId: string; expectedRevision: number },
): Promise<void> {
  const selection =
    pick % 3 === 0 ? { by: 'human' as const } : pick % 3 === 1 ? { fromId: messageId } : { messageIds: [messageId] };
  const action = what === 'delete-many' ? 'delete' : stale ? 'show' : 'hide';
  const actor = house.app.accounts.terminalActor;
  const { batchId } = await house.app.batches.change(actor, conversationId, { action, selection, expectedRevision });
  if (batchId !== null) batches.set(conversationId, batchId);
}

/** A copy is sound by itself, and says what the path said. */
async function branchOff(conversationId: string, messageId: string): Promise<void> {
  const { app } = house;
  const actor = app.accounts.terminalActor;
  const copy = await app.branchesOff.branchOff(actor, conversationId, { messageId });
  const [from, to] = [await readTree(app.storage.db, conversationId), await readTree(app.storage.db, copy.id)];
  expectSoundTree(to);
  const byId = new Map(from.nodes.map((node) => [node.id, node]));
  let original = byId.get(messageId);
  for (const node of activePath(to).toReversed()) {
    expect([node.parts, node.author, node.depth, node.deletedAt]).toEqual([
      original?.parts,
      original?.author,
      original?.depth,
      original?.deletedAt,
    ]);
    original = byId.get(original?.parentId ?? '');
  }
  expect(original).toBeUndefined();
  await app.conversations.purge(actor, copy.id);
}

async function perform(conversationId: string, next: Step, tree: Tree): Promise<void> {
  const { what, pick, stale } = next;
  const { messages, replies } = house.app;
  const actor = house.app.accounts.terminalActor;
  const messageId = tree.nodes[pick % tree.nodes.length]!.id;
  const { revision } = tree.conversation;
  const expectedRevision = stale ? Math.max(0, revision - 1) : revision;
  const text = `${what} ${pick}`;
  const clientId = `step-${crypto.randomUUID()}`;
  switch (what) {
    case 'say':
      return void (await messages.send(actor, conversationId, { text, clientId, reply: false, expectedRevision }));
    case 'ask':
      return void (await messages.send(actor, conversationId, { text, clientId, reply: true }));
    case 'regenerate':
    case 'continue':
    case 'answer':
      return void (await replies.start(actor, conversationId, { kind: what, messageId, expectedRevision }));
    case 'edit':
      return void (await messages.edit(actor, messageId, { text, expectedRevision }));
    case 'edit-and-ask':
      return void (await messages.edit(actor, messageId, { text, reply: true }));
    case 'choose':
      return void (await messages.changes.choose(actor, conversationId, { messageId, expectedRevision }));
    case 'delete':
    case 'restore':
      return void (await messages.changes.setDeleted(actor, messageId, what === 'delete'));
    case 'end-here':
      return void (await messages.changes.choose(actor, conversationId, {
        messageId,
        expectedRevision,
        endHere: true,
      }));
    case 'mark':
      return void (await house.app.branches.mark(actor, conversationId, { messageId, kind: 'checkpoint', name: text }));
    case 'branch-off':
      return branchOff(conversationId, messageId);
    case 'delete-many':
    case 'hide-many':
      return performMany(conversationId, next, { messageId, expectedRevision });
    case 'undo':
      return void (await house.app.batches.undo(actor, conversationId, batches.get(conversationId) ?? 'none'));
    default:
      return replies.stop(actor, conversationId);
  }
}

/** What a node may change after it was written: where the path runs, whether it is deleted, and a reply while it grows. */
function expectAppendOnly(before: MessageNode, after: MessageNode | undefined): void {
  if (!after) throw new Error(`${before.id} is gone.`);
  const grows = before.state === 'streaming';
  expect(textOf(after.parts).startsWith(textOf(before.parts))).toBe(true);
  const grown = { parts: after.parts, state: after.state, failure: after.failure, hasReceipt: after.hasReceipt };
  expect(after).toEqual({
    ...before,
    activeChildId: after.activeChildId,
    deletedAt: after.deletedAt,
    hidden: after.hidden,
    ...(grows ? grown : {}),
  });
}

/** The path as a reader pages through it: pages of this size, from the end. */
async function pagedPath(conversationId: string, limit: number): Promise<Message[]> {
  const { messages } = house.app;
  const actor = house.app.accounts.terminalActor;
  let page = await messages.page(actor, { conversationId, limit });
  const path = [...page.messages];
  while (page.hasOlder) {
    page = await messages.page(actor, { conversationId, limit, before: path[0]!.id });
    expect(page.messages.length).toBeLessThanOrEqual(limit);
    path.unshift(...page.messages);
  }
  return path;
}

async function expectReadable(tree: Tree, pageSize: number): Promise<void> {
  const path = activePath(tree);
  const read = await pagedPath(tree.conversation.id, pageSize);
  expect(read.map(({ id }) => id)).toEqual(path.map(({ id }) => id));
  for (const [index, message] of read.entries()) {
    const siblings = tree.nodes.filter(
      (node) => node.parentId === message.parentId && (node.deletedAt === null || node.id === message.id),
    );
    expect(message.siblings).toEqual(siblings.map(({ id }) => id).toSorted());
    expect(message.depth).toBe(index);
    expect(message.deleted && message.parts.length > 0).toBe(false);
  }
}

/** The map holds every message that lives once, and the path whole; marks stand on messages that are there. */
async function expectMapped({ conversation: { id }, nodes }: Tree): Promise<void> {
  const { app } = house;
  const actor = app.accounts.terminalActor;
  const { runs, messages } = await app.treeMaps.read(actor, id);
  const conversation = await app.conversations.read(actor, id);
  expect(runs.reduce((sum, { active }) => sum + active, 0)).toBe(conversation.messageCount);
  expect(messages).toBeGreaterThanOrEqual(nodes.filter(({ deletedAt }) => deletedAt === null).length);
  const { marks } = await app.branches.list(actor, id);
  for (const { messageId } of marks) expect(nodes.some((node) => node.id === messageId)).toBe(true);
}

test('whatever is done in whatever order, the tree stays sound and nothing is rewritten', async () => {
  const { app } = house;
  const actor = app.accounts.terminalActor;
  let performed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      async (steps, pageSize) => {
        const { id } = await app.conversations.create(actor, { characterId: 'starter-mira', locale: 'en' });
        let tree = await readTree(app.storage.db, id);
        for (const next of steps) {
          let refused: unknown;
          await perform(id, next, tree).catch((error: unknown) => (refused = error));
          // A refusal is a decision somebody can understand, never an accident.
          expect(refused === undefined || refused instanceof AppError, String(refused)).toBe(true);
          const after = await readTree(app.storage.db, id);
          expectSoundTree(after);
          for (const node of tree.nodes) {
            expectAppendOnly(
              node,
              after.nodes.find((one) => one.id === node.id),
            );
          }
          const added = after.nodes.length - tree.nodes.length;
          const moved = after.conversation.revision - tree.conversation.revision;
          expect(moved).toBe(refused === undefined && !KEEPS_REVISION.includes(next.what) ? 1 : 0);
          expect(refused !== undefined && added > 0).toBe(false);
          performed += refused === undefined ? 1 : 0;
          tree = after;
        }
        await app.replies.stop(actor, id);
        const settled = await readTree(app.storage.db, id);
        expect(settled.nodes.some(({ state }) => state === 'streaming')).toBe(false);
        await expectReadable(settled, pageSize);
        await expectMapped(settled);
      },
    ),
    { numRuns: isFull ? 300 : 25 },
  );
  expect(performed).toBeGreaterThan(100);
});
