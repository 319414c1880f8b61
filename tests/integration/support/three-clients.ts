import { expect } from 'vitest';
import fc from 'fast-check';
import { setTimeout as delay } from 'node:timers/promises';
import { visiblePending } from '../../../client/conversation-state.ts';
import type { Message } from '../../../contract/messages.ts';
import { witnesses } from '../../../src/conversation/stage.ts';
import { listParticipants } from '../../../src/conversation/participant-store.ts';
import { textOf } from '../../../src/conversation/tree-types.ts';
import type { Db } from '../../../src/storage/storage.ts';
import { expectSoundTree, readTree } from './check-tree.ts';
import { attempt, type Device } from './device.ts';
import type { Fault } from './faulty-network.ts';

/** What is done more often stands there more often. */
const ACTIONS: readonly string[] = (
  'say say say ask-slowly whisper whisper aside regenerate choose end-here edit edit-and-ask delete restore ' +
  'delete-many undo-many hide stop cut reopen offline online leave enter close-door open-door'
).split(' ');
const FAULTS: readonly Fault[] = ['none', 'none', 'none', 'lose-request', 'lose-answer', 'double'];

export interface Step {
  device: number;
  action: string;
  /** Which message or person, modulo how many there are. */
  pick: number;
  fault: Fault;
  /** False goes on with the next step at once. */
  waits: boolean;
}

export const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  device: fc.nat(2),
  action: fc.constantFrom(...ACTIONS),
  pick: fc.nat(40),
  fault: fc.constantFrom(...FAULTS),
  waits: fc.boolean(),
});

/** The house limits requests by the minute: whoever is told to wait waits that long. */
const PATIENCE_IN_MS = 90_000;

/** Token of each text, found again in whatever a device was told. */
const TOKEN = /tq\d+x/gu;
let tokens = 0;
const newToken = (): string => `tq${(tokens += 1)}x`;

/** A conversation of a host with two devices and a guest with one, and what is done in it. */
export class ThreeClients {
  readonly #conversationId: string;
  readonly #devices: readonly [Device, Device, Device];
  readonly #running: Promise<void>[] = [];
  #batchId: string | null = null;

  constructor(conversationId: string, devices: readonly [Device, Device, Device]) {
    this.#conversationId = conversationId;
    this.#devices = devices;
  }

  async ready(): Promise<void> {
    await this.#until('everybody sees the beginning', async () =>
      this.#devices.every(({ session }) => session.getState().loaded && session.getState().connection === 'live'),
    );
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const device = this.#devices[step.device] ?? this.#devices[0];
      device.network.failNext(step.fault);
      const done = attempt(this.#perform(device, step));
      this.#running.push(done);
      if (step.waits) await done;
      else await delay(0);
    }
  }

  /** Waits for what is under way; networks are whole again, nobody speaks, and every device shows the server's state. */
  async settle(): Promise<void> {
    for (const { network } of this.#devices) network.heal();
    await Promise.all(this.#running.splice(0));
    for (const { outbox } of this.#devices) outbox.wake();
    await this.#until('everything is sent', async () =>
      this.#devices.every(({ outbox }) => outbox.all().every(({ state }) => state === 'refused')),
    );
    await attempt(this.#devices[0].session.stop());
    let seen = '';
    await this.#until(
      () => `every device shows what the server says: ${seen}`,
      async () => {
        const views = await Promise.all(this.#devices.map((device) => this.#difference(device)));
        seen = views.filter((one) => one !== null).join('; ');
        return seen === '';
      },
    );
  }

  /** What must hold whatever happened, in the database and in everything that devices hold or ever heard. */
  check(db: Db): Promise<void> {
    return expectOneTruth(db, { conversationId: this.#conversationId, devices: this.#devices });
  }

  async #perform(device: Device, { action, pick }: Step): Promise<unknown> {
    const { session, network, client } = device;
    const { path, conversation } = session.getState();
    const message = path[pick % Math.max(1, path.length)];
    const params = { id: this.#conversationId };
    const participants = conversation?.participants ?? [];
    const other = participants[pick % Math.max(1, participants.length)];
    switch (action) {
      case 'say':
        return device.say(`Say ${newToken()}`);
      case 'ask-slowly':
        return device.say(`slow ${newToken()}`);
      case 'whisper':
        return device.say(`Whisper ${newToken()}`, other ? [other.id] : []);
      case 'aside':
        return device.say(`Aside ${newToken()}`, []);
      case 'stop':
        return session.stop();
      case 'cut':
        return network.cut();
      case 'reopen':
        return device.reopen();
      case 'offline':
        return network.setOffline(true);
      case 'online':
        network.heal();
        return device.outbox.wake();
      case 'undo-many':
        return this.#batchId === null ? undefined : session.undoMany(this.#batchId);
      case 'leave':
      case 'enter': {
        if (other === undefined) return undefined;
        const who = { ...params, participantId: other.id };
        return client.call('moveParticipant', { params: who, body: { present: action === 'enter' } });
      }
      case 'close-door':
      case 'open-door': {
        if (other === undefined) return undefined;
        const body = { participantIds: [other.id], door: action === 'close-door' ? 'cellar' : '' };
        return client.call('closeDoor', { params, body });
      }
      default:
        return message === undefined ? undefined : this.#change(device, action, message);
    }
  }

  async #change({ session }: Device, action: string, message: Message): Promise<unknown> {
    const { id } = message;
    const sibling = message.siblings.at(0) ?? id;
    switch (action) {
      case 'regenerate':
        return session.startReply('regenerate', id);
      case 'choose':
        return session.choose(sibling);
      case 'end-here':
        return session.choose(id, { endHere: true });
      case 'edit':
      case 'edit-and-ask':
        return session.edit({ messageId: id, text: `Edit ${newToken()}`, reply: action === 'edit-and-ask' });
      case 'delete':
        return session.remove(id);
      case 'restore':
        return session.restore(id);
      case 'hide':
        return session.setHidden(id, !message.hidden);
      case 'delete-many': {
        const { batchId } = await session.changeMany('delete', { messageIds: [id, sibling] });
        this.#batchId = batchId ?? this.#batchId;
        return undefined;
      }
      default:
        throw new Error(`Nobody knows how to ${action}.`);
    }
  }

  /** What a device shows otherwise than the server says; null where they agree. */
  async #difference(device: Device): Promise<string | null> {
    const { name, session } = device;
    const shown = session.getState();
    const server = await device.serverPath().catch((error: unknown) => String(error));
    if (typeof server === 'string') return `${name}: ${server}`;
    if (shown.pageError !== null) void session.reload();
    if (shown.connection !== 'live' || shown.stale) return `${name} is ${shown.connection}`;
    if (shown.streaming.size > 0) return `${name} sees a reply`;
    if (shown.revision !== server.revision) return `${name}: revision ${shown.revision}, not ${server.revision}`;
    const theirs = server.messages.slice(-shown.path.length);
    const faults = shown.path.flatMap((message, index) => describe(message, theirs[index]));
    return faults.length === 0 ? null : `${name}: ${faults.slice(0, 3).join(', ')}`;
  }

  async #until(what: string | (() => string), look: () => Promise<boolean>): Promise<void> {
    const limit = performance.now() + PATIENCE_IN_MS;
    while (!(await look())) {
      if (performance.now() > limit)
        throw new Error(`Waited in vain until ${typeof what === 'string' ? what : what()}`);
      await delay(10);
    }
  }
}

function describe(shown: Message, there: Message | undefined): string[] {
  if (there === undefined) return [`${shown.id} is not there`];
  const keys = ['id', 'parentId', 'parts', 'state', 'deleted', 'hidden', 'withheld', 'siblings', 'author'] as const;
  return keys
    .filter((key) => JSON.stringify(shown[key]) !== JSON.stringify(there[key]))
    .map((key) => `${key} of ${there.id} is ${JSON.stringify(shown[key])}, not ${JSON.stringify(there[key])}`);
}

async function expectOneTruth(
  db: Db,
  { conversationId, devices }: { conversationId: string; devices: readonly Device[] },
): Promise<void> {
  const tree = await readTree(db, conversationId);
  expectSoundTree(tree);
  const byClientId = new Map<string, string>();
  for (const { clientId, id } of tree.nodes) {
    if (clientId === null) continue;
    expect(byClientId.has(clientId), `${clientId} is there twice`).toBe(false);
    byClientId.set(clientId, id);
  }
  for (const device of devices) {
    for (const [clientId, text] of device.posted) {
      const id = byClientId.get(clientId);
      const isRefused = device.outbox.all().some((one) => one.clientId === clientId);
      expect(id === undefined, `${clientId} of ${device.name} was lost or is both refused and there`).toBe(isRefused);
      const node = tree.nodes.find((one) => one.id === id);
      if (node) expect(textOf(node.parts)).toBe(text);
    }
    for (const [clientId, { id }] of device.acknowledged) {
      expect(byClientId.get(clientId), `${clientId} was acknowledged`).toBe(id);
    }
    const { pending, path } = device.session.getState();
    expect(visiblePending(device.session.getState()).every(({ state }) => state === 'failed')).toBe(true);
    expect(pending.length).toBe(visiblePending(device.session.getState()).length);
    expect(new Set(path.map(({ id }) => id)).size).toBe(path.length);
  }
  const participants = await listParticipants(db, conversationId);
  for (const device of devices) {
    const seatId = device.session.getState().conversation?.seatId;
    const seat = participants.find(({ id }) => id === seatId);
    if (!seat) throw new Error(`${device.name} has no seat.`);
    const heard = tree.nodes.filter((node) => witnesses(node, seat));
    const may = new Set(heard.flatMap((node) => textOf(node.parts).match(TOKEN) ?? []));
    const there = new Set(tree.nodes.flatMap((node) => textOf(node.parts).match(TOKEN) ?? []));
    const told = new Set(device.network.received.match(TOKEN));
    const secrets = [...told].filter((token) => there.has(token) && !may.has(token));
    expect(secrets, `${device.name} was told what it did not hear`).toEqual([]);
  }
}
