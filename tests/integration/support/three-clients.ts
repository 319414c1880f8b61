import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '../../../contract/messages.ts';
import type { Db } from '../../../src/storage/storage.ts';
import { attempt, type Device } from './device.ts';
import { expectOneTruth } from './expect-one-truth.ts';
import { perform, type Step, type Talk } from './three-clients-steps.ts';

/** Longest any talk may take to come to rest, ms: a server that was killed starts again meanwhile. */
const PATIENCE_IN_MS = 45_000;
/** Between looks, ms, where nothing that devices notice happens meanwhile. */
const GAP_IN_MS = 25;

/** A conversation of a host with two devices and a guest with one, and what is done in it. */
export class ThreeClients {
  readonly #devices: readonly [Device, Device, Device];
  readonly #running: Promise<void>[] = [];
  readonly #talk: Talk;

  constructor(conversationId: string, devices: readonly [Device, Device, Device]) {
    this.#talk = { conversationId, batchId: null };
    this.#devices = devices;
  }

  ready(): Promise<void> {
    return this.#until('everybody sees the beginning', () =>
      this.#devices.every(({ session }) => session.getState().loaded && session.getState().connection === 'live'),
    );
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const device = this.#devices[step.device] ?? this.#devices[0];
      device.network.failNext(step.fault);
      const done = attempt(perform(this.#talk, device, step));
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
    await this.#until('everything is sent', () =>
      this.#devices.every(({ outbox }) => outbox.all().every(({ state }) => state === 'refused')),
    );
    await attempt(this.#devices[0].session.stop());
    let seen = '';
    await this.#until(
      () => `every device shows what the server says: ${seen}`,
      async () => {
        seen = this.#unrest() ?? (await this.#differences());
        return seen === '';
      },
    );
  }

  /** What must hold whatever happened, in the database and in everything that devices hold or ever heard. */
  check(db: Db): Promise<void> {
    return expectOneTruth(db, { conversationId: this.#talk.conversationId, devices: this.#devices });
  }

  /** Why it is too early to ask the server; null where every device says that it shows the end. */
  #unrest(): string | null {
    const revisions = new Set<number>();
    for (const { name, session } of this.#devices) {
      const { connection, stale, streaming, pageError, revision } = session.getState();
      if (pageError !== null) void session.reload();
      if (connection !== 'live' || stale || pageError !== null) return `${name} is ${connection}`;
      if (streaming.size > 0) return `${name} sees a reply`;
      revisions.add(revision);
    }
    return revisions.size > 1 ? `revisions differ: ${[...revisions].join(', ')}` : null;
  }

  async #differences(): Promise<string> {
    const views = await Promise.all(this.#devices.map(difference));
    return views.filter((one) => one !== null).join('; ');
  }

  async #until(what: string | (() => string), look: () => boolean | Promise<boolean>): Promise<void> {
    const limit = performance.now() + PATIENCE_IN_MS;
    while (!(await look())) {
      if (performance.now() > limit)
        throw new Error(`Waited in vain until ${typeof what === 'string' ? what : what()}`);
      await this.#change();
    }
  }

  /** The next change that a device notices, or a little later. */
  async #change(): Promise<void> {
    using stack = new DisposableStack();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, GAP_IN_MS);
    stack.defer(() => clearTimeout(timer));
    for (const { session, outbox } of this.#devices) {
      stack.defer(session.subscribe(resolve));
      stack.defer(outbox.subscribe(() => resolve()));
    }
    await promise;
  }
}

/** What a device shows otherwise than the server says; null where they agree. */
async function difference(device: Device): Promise<string | null> {
  const { name, session } = device;
  const server = await device.serverPath().catch((error: unknown) => String(error));
  if (typeof server === 'string') return `${name}: ${server}`;
  const shown = session.getState();
  if (shown.revision !== server.revision) return `${name}: revision ${shown.revision}, not ${server.revision}`;
  const theirs = server.messages.slice(-shown.path.length);
  const faults = shown.path.flatMap((message, index) => describe(message, theirs[index]));
  return faults.length === 0 ? null : `${name}: ${faults.slice(0, 3).join(', ')}`;
}

function describe(shown: Message, there: Message | undefined): string[] {
  if (there === undefined) return [`${shown.id} is not there`];
  const keys = ['id', 'parentId', 'parts', 'state', 'deleted', 'hidden', 'withheld', 'siblings', 'author'] as const;
  return keys
    .filter((key) => JSON.stringify(shown[key]) !== JSON.stringify(there[key]))
    .map((key) => `${key} of ${there.id} is ${JSON.stringify(shown[key])}, not ${JSON.stringify(there[key])}`);
}
