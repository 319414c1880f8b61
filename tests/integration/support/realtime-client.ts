import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';
import type { RealtimeClientEvent } from '../../../contract/realtime-client-events.ts';
import { realtimeServerEventSchema, type RealtimeServerEvent } from '../../../contract/realtime-server-events.ts';
import { until } from './until.ts';

type EventType = RealtimeServerEvent['type'];
type EventOf<Type extends EventType> = Extract<RealtimeServerEvent, { type: Type }>;

/** A socket whose events are parsed by the contract; one that does not fit fails the test. */
export class RealtimeClient implements AsyncDisposable {
  readonly socket: WebSocket;
  readonly events: RealtimeServerEvent[] = [];
  readonly frames: Buffer[] = [];
  readonly faults: unknown[] = [];
  closed: { code: number; reason: string } | null = null;

  constructor(url: string, { protocols = ['realtime'], ...options }: ClientOptions & { protocols?: string[] } = {}) {
    this.socket = new WebSocket(url, protocols, options);
    this.socket.on('message', (data, isBinary) => {
      if (isBinary) {
        this.frames.push(data as Buffer);
        return;
      }
      const parsed = realtimeServerEventSchema.safeParse(JSON.parse((data as Buffer).toString('utf8')));
      if (parsed.success) this.events.push(parsed.data);
      else this.faults.push(parsed.error);
    });
    this.socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    this.socket.on('error', () => {});
  }

  async opened(): Promise<this> {
    await once(this.socket, 'open');
    return this;
  }

  send(event: RealtimeClientEvent | Record<string, unknown>): void {
    this.socket.send(JSON.stringify(event));
  }

  all<Type extends EventType>(type: Type): EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> => event.type === type);
  }

  /** The first event of a type, or the next after `count` of them. */
  async next<Type extends EventType>(type: Type, count = 0): Promise<EventOf<Type>> {
    return until(`“${type}” came (${count} before)`, () => {
      if (this.faults.length > 0) throw new Error(`An event does not fit the contract: ${String(this.faults[0])}`);
      return this.all(type)[count];
    });
  }

  async end(): Promise<{ code: number; reason: string }> {
    return until('the socket closed', () => this.closed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
    await this.end();
  }
}
