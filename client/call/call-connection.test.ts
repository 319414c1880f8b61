import { describe, expect, test } from 'vitest';
import type { RealtimeServerEvent } from '../../contract/realtime-server-events.ts';
import { decodeAudioFrame, encodeAudioFrame } from './binary-frame.ts';
import { CallConnection, type CallConnectionOptions, type CallSocket } from './call-connection.ts';

class FakeSocket implements CallSocket {
  binaryType = 'blob';
  bufferedAmount = 0;
  readonly sent: (string | Uint8Array<ArrayBuffer>)[] = [];
  closedWith: number | undefined | null = null;
  readonly #listeners = new Map<string, (event: { data: unknown; code: number }) => void>();
  readonly address: URL;
  readonly protocols: string[];

  constructor(address: string, protocols: string[]) {
    this.address = new URL(address);
    this.protocols = protocols;
  }

  addEventListener(type: string, listener: (event: { data: unknown; code: number }) => void): void {
    this.#listeners.set(type, listener);
  }

  receive(data: unknown): void {
    this.#listeners.get('message')?.({ data, code: 0 });
  }

  lose(code: number): void {
    this.#listeners.get('close')?.({ data: null, code });
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.sent.push(data);
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  begin(callId: string): void {
    const profile = { profile: null, pitch: 0, frames: 'binary', playback: 'reported' };
    this.tell({
      type: 'session.created',
      session: {
        type: 'realtime',
        object: 'realtime.session',
        id: 's',
        model: 'conversation/c',
        output_modalities: ['audio'],
        instructions: '',
        audio: {
          input: { format: { type: 'audio/pcm', rate: 24_000 }, turn_detection: null },
          output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: null, speed: 1 },
        },
        tools: [],
        everwith: {
          call_id: callId,
          conversation_id: 'c',
          character_name: 'Mira',
          locale: 'en',
          resumed: false,
          ...profile,
        },
      },
    });
  }

  tell(event: object): void {
    this.receive(JSON.stringify({ event_id: 'e', ...event }));
  }
}

function setUp(options: Partial<CallConnectionOptions> = {}) {
  const sockets: FakeSocket[] = [];
  const states: string[] = [];
  const calls: (string | null)[] = [];
  const events: RealtimeServerEvent['type'][] = [];
  const sounds: { itemId: string; samples: Int16Array; positionInMs: number }[] = [];
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  const connection = new CallConnection({
    address: 'wss://house.example/v1/realtime',
    target: { conversation: 'c' },
    inputRate: 16_000,
    createSocket: (address, protocols) => {
      const socket = new FakeSocket(address, protocols);
      sockets.push(socket);
      return socket;
    },
    clock: {
      now: () => now,
      after: (delay, run) => {
        const timer = { at: now + delay, run };
        timers.push(timer);
        return () => (timers = timers.filter((other) => other !== timer));
      },
    },
    onEvent: ({ type }) => events.push(type),
    onAudio: (piece) => sounds.push(piece),
    onState: (state, { reason }) => states.push(reason === null ? state : `${state}: ${reason}`),
    onCall: (callId) => calls.push(callId),
    ...options,
  });
  const last = () => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('There is no socket.');
    return socket;
  };
  /** Lets time pass; timers run when they are due. */
  const pass = (milliseconds: number) => {
    const until = now + milliseconds;
    for (;;) {
      const next = timers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers = timers.filter((timer) => timer !== next);
      now = next.at;
      next.run();
    }
    now = until;
  };
  return { connection, sockets, states, calls, events, sounds, last, pass, pending: () => timers.length };
}

test('a call begins: the rate is told first, sound goes both ways in binary frames', () => {
  const { connection, states, calls, sounds, last } = setUp({ greet: true, key: 'ew_secret' });
  connection.connect();
  expect(last().address.search).toBe('?conversation=c&greet=true&playback=reported&frames=binary');
  expect(last().protocols).toEqual(['realtime', 'openai-insecure-api-key.ew_secret']);
  connection.sendAudio(new Int16Array(320));
  connection.send({ type: 'everwith.interrupt' });
  expect(last().sent).toEqual([]);
  last().begin('call-7');
  expect(states).toEqual(['connecting', 'open']);
  expect(calls).toEqual(['call-7']);
  expect(JSON.parse(String(last().sent[0]))).toMatchObject({
    session: { audio: { input: { format: { rate: 16_000 } } } },
  });
  connection.sendAudio(new Int16Array(320).fill(5));
  connection.sendAudio(new Int16Array(320).fill(6));
  const frames = last()
    .sent.slice(1)
    .map((data) => decodeAudioFrame(data as Uint8Array));
  expect(frames).toMatchObject([{ position: 0 }, { position: 320 }]);
  last().tell({ type: 'everwith.audio.started', response_id: 'r', item_id: 'reply_1', audio_index: 3 });
  const frame = encodeAudioFrame({ kind: 'reply', index: 3, position: 2400, samples: new Int16Array([1, 2]) });
  last().receive(frame.buffer);
  last().receive(encodeAudioFrame({ kind: 'reply', index: 4, position: 0, samples: new Int16Array(1) }).buffer);
  expect(sounds).toEqual([{ itemId: 'reply_1', samples: new Int16Array([1, 2]), positionInMs: 100 }]);
});

test('nothing that a house may send breaks it', () => {
  const { connection, events, sounds, last } = setUp();
  connection.connect();
  for (const data of ['{', 'null', '{"type":"of.tomorrow"}', new ArrayBuffer(3), 7, new ArrayBuffer(8)]) {
    last().receive(data);
  }
  expect([events, sounds]).toEqual([[], []]);
});

test('sound is not saved up for a network that carries nothing', () => {
  const { connection, last } = setUp();
  connection.connect();
  last().begin('a');
  const before = last().sent.length;
  last().bufferedAmount = 1_000_000;
  connection.sendAudio(new Int16Array(320));
  expect(last().sent).toHaveLength(before);
});

describe('a cut', () => {
  test('is mended within the call, with longer and longer waits', () => {
    const { connection, sockets, states, last, pass } = setUp();
    connection.connect();
    last().begin('call-7');
    last().lose(1006);
    for (const wait of [250, 500, 1000, 2000]) {
      pass(wait);
      last().lose(1006);
    }
    pass(4000);
    expect(last().address.searchParams.get('call')).toBe('call-7');
    expect(last().address.searchParams.has('conversation')).toBe(false);
    last().begin('call-7');
    expect(sockets).toHaveLength(6);
    expect(states.at(0)).toBe('connecting');
    expect(new Set(states.slice(2, -1))).toEqual(new Set(['reconnecting']));
    expect(states.at(-1)).toBe('open');
  });

  test('of half a minute ends it', () => {
    const { connection, states, last, pass, sockets, calls, pending } = setUp();
    connection.connect();
    last().begin('call-7');
    last().lose(1006);
    for (let round = 0; round < 20; round += 1) {
      pass(4000);
      last().lose(1006);
    }
    expect(states.at(-1)).toBe('closed: unreachable');
    expect(sockets.length).toBeLessThan(14);
    // The house may still have it: a reload finds it.
    expect(calls).toEqual(['call-7']);
    expect(pending()).toBe(0);
  });

  test('is over at once when the device is back online', () => {
    const { connection, sockets, last, pass } = setUp();
    connection.connect();
    last().begin('call-7');
    last().lose(1006);
    connection.wake();
    expect(sockets).toHaveLength(2);
    connection.wake();
    pass(250);
    expect(sockets).toHaveLength(2);
  });

  test('shows itself also where a socket never opens', () => {
    const { connection, sockets, last, pass } = setUp();
    connection.connect();
    const [first] = sockets;
    pass(8300);
    expect(sockets.length).toBeGreaterThan(1);
    first?.begin('too late');
    expect(last().sent).toEqual([]);
  });
});

describe('an end for good', () => {
  test.each([
    [1000, 'ended'],
    [4001, 'taken-over'],
    [4005, 'signed-out'],
    [4002, 'refused'],
  ])('%i is “%s”, and nothing is tried again', (code, reason) => {
    const { connection, states, last, pass, sockets, calls } = setUp();
    connection.connect();
    last().begin('call-7');
    last().lose(code);
    pass(60_000);
    expect(sockets).toHaveLength(1);
    expect(states.at(-1)).toBe(`closed: ${reason}`);
    expect(calls).toEqual(['call-7', null]);
  });

  test('a call of before that is gone gives way to a new one, once', () => {
    const { connection, states, sockets, last, calls } = setUp({ callId: 'old' });
    connection.connect();
    expect(last().address.searchParams.get('call')).toBe('old');
    last().lose(4000);
    expect(sockets).toHaveLength(2);
    expect(last().address.searchParams.get('conversation')).toBe('c');
    expect(calls).toEqual([null]);
    last().lose(4000);
    expect(states.at(-1)).toBe('closed: refused');
    expect(sockets).toHaveLength(2);
  });

  test('who leaves says nothing more, and leaves no timer behind', () => {
    const { connection, states, last, pending } = setUp();
    connection.connect();
    connection.leave();
    expect(last().closedWith).toBe(4900);
    last().lose(4900);
    expect(states).toEqual(['connecting']);
    expect(pending()).toBe(0);
  });
});
