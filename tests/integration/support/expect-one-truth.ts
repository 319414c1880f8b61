import { expect } from 'vitest';
import { visiblePending } from '../../../client/conversation-state.ts';
import { listParticipants, type ParticipantRecord } from '../../../src/conversation/participant-store.ts';
import { witnesses } from '../../../src/conversation/stage.ts';
import { textOf } from '../../../src/conversation/tree-types.ts';
import type { Db } from '../../../src/storage/storage.ts';
import { expectSoundTree, readTree, type Tree } from './check-tree.ts';
import type { Device } from './device.ts';
import { TOKEN } from './three-clients-steps.ts';

/** What must hold of a talk that came to rest: in the database, and in all that devices hold or were ever told. */
export async function expectOneTruth(
  db: Db,
  { conversationId, devices }: { conversationId: string; devices: readonly Device[] },
): Promise<void> {
  const tree = await readTree(db, conversationId);
  expectSoundTree(tree);
  expectNothingTwice(tree);
  const participants = await listParticipants(db, conversationId);
  for (const device of devices) {
    expectNothingLost(tree, device);
    expectQuiet(device);
    expectGrowth(tree, device);
    expect(device.network.blindChanges, `${device.name} changed what it had not seen`).toEqual([]);
    const seatId = device.session.getState().conversation?.seatId;
    const seat = participants.find(({ id }) => id === seatId);
    if (!seat) throw new Error(`${device.name} has no seat.`);
    expectNothingOverheard(tree, device, seat);
    await expectSoundBranches(db, device);
  }
}

function tokensOf(node: Tree['nodes'][number]): string[] {
  return textOf(node.parts).match(TOKEN) ?? [];
}

/** Each text was written once, so each stands in one message by a human. */
function expectNothingTwice({ nodes }: Tree): void {
  const written = nodes.filter(({ author }) => author.kind === 'human').flatMap(tokensOf);
  expect(written.toSorted()).toEqual([...new Set(written)].toSorted());
  const clientIds = nodes.flatMap(({ clientId }) => clientId ?? []);
  expect(clientIds.toSorted()).toEqual([...new Set(clientIds)].toSorted());
}

function expectNothingLost({ nodes }: Tree, device: Device): void {
  const byClientId = new Map(nodes.flatMap((node) => (node.clientId === null ? [] : [[node.clientId, node]])));
  for (const [clientId, text] of device.posted) {
    const node = byClientId.get(clientId);
    const isRefused = device.outbox.all().some((one) => one.clientId === clientId);
    expect(node === undefined, `${clientId} of ${device.name} was lost or is both refused and there`).toBe(isRefused);
    if (node) expect(textOf(node.parts)).toBe(text);
  }
  for (const [clientId, { id }] of device.acknowledged) {
    expect(byClientId.get(clientId)?.id, `${clientId} was acknowledged`).toBe(id);
  }
  const there = new Set(nodes.flatMap(tokensOf));
  expect(
    device.edited.filter((token) => !there.has(token)),
    `edits of ${device.name} were acknowledged`,
  ).toEqual([]);
}

/** Nothing waits any more, and what is shown is shown once. */
function expectQuiet({ session }: Device): void {
  const { pending, path } = session.getState();
  const visible = visiblePending(session.getState());
  expect(visible.every(({ state }) => state === 'failed')).toBe(true);
  expect(pending.length).toBe(visible.length);
  expect(new Set(path.map(({ id }) => id)).size).toBe(path.length);
}

/**
 * No word of a reply was seen twice or skipped while it grew, however often the stream was cut. Of one that a crash
 * ended less may be kept than was seen.
 */
function expectGrowth({ nodes }: Tree, { grown, name }: Device): void {
  for (const [id, seen] of grown) {
    const node = nodes.find((one) => one.id === id);
    const kept = node ? textOf(node.parts) : '';
    const holds = kept.startsWith(seen.trim()) || (node?.state === 'interrupted' && seen.startsWith(kept));
    expect(holds, `${name} saw “${seen}” of ${id}, which is “${kept}”`).toBe(true);
  }
}

/** Neither words of the texts, nor any part of a message, nor a growing reply came to somebody who does not hear it. */
function expectNothingOverheard({ nodes }: Tree, device: Device, seat: ParticipantRecord): void {
  const { received } = device.network;
  const heard = new Set(nodes.filter((node) => witnesses(node, seat)).flatMap(tokensOf));
  const there = new Set(nodes.flatMap(tokensOf));
  const told = new Set(received.match(TOKEN));
  const secrets = [...told].filter((token) => there.has(token) && !heard.has(token));
  expect(secrets, `${device.name} was told what it did not hear`).toEqual([]);
  const unheard = new Set(nodes.filter((node) => !witnesses(node, seat)).map(({ id }) => id));
  if (unheard.size === 0) return;
  const leaks = documents(received).flatMap((one) => [...tellingOf(one, unheard)]);
  expect(leaks, `${device.name} was told of messages that it did not hear`).toEqual([]);
}

/** Answers and events, one a line; what was cut off in the middle tells nothing whole. */
function documents(received: string): unknown[] {
  return received.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line.replace(/^data: /u, '')) as unknown];
    } catch {
      return [];
    }
  });
}

/** Whatever in an answer says more of the messages than that they are there. */
function* tellingOf(value: unknown, ids: ReadonlySet<string>): Generator {
  if (typeof value !== 'object' || value === null) return;
  const { id, messageId, parts, withheld, text, reasoning, tools } = value as Record<string, unknown>;
  if (ids.has(String(id)) && Array.isArray(parts) && (parts.length > 0 || withheld !== true)) yield value;
  const grows = [text, reasoning].some((words) => typeof words === 'string' && words !== '');
  if (ids.has(String(messageId)) && (grows || (Array.isArray(tools) && tools.length > 0))) yield value;
  for (const inner of Object.values(value)) yield* tellingOf(inner, ids);
}

/** What was branched off is a whole tree of one path, made once for each wish. */
async function expectSoundBranches(db: Db, { branches }: Device): Promise<void> {
  const ids = [...branches.values()];
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    const tree = await readTree(db, id);
    expectSoundTree(tree);
    expect(tree.conversation.messageCount).toBe(tree.nodes.length);
  }
}
