import { BoundedQueue } from '../../../src/base/bounded-queue.ts';
import { NotFoundError } from '../../../src/base/errors.ts';
import type { CallSettings, OpenCall, OpenCallRequest } from '../../../src/features/calls/open-call.ts';
import type { CallDoor } from '../../../src/http/realtime/realtime-session.ts';
import type { CallEndReason, CallEvent, CallState } from '../../../src/voice/call-events.ts';
import type { Call, CallAttachment } from '../../../src/voice/call-handle.ts';

/** What was done to a call, in order. */
export type Deed = { did: Exclude<keyof Call, 'attach' | 'state' | 'hear'> | 'configure' | 'detach'; with?: unknown };

/** A call that does what a test says, and remembers what a transport did with it. */
export class ScriptedCall implements Call {
  state: CallState = 'listening';
  readonly deeds: Deed[] = [];
  /** Samples at 16 kHz, as they were heard. */
  readonly heard: Float32Array[] = [];
  /** Told to whoever attaches, after the state. */
  backlog: CallEvent[] = [];
  /** Answers by itself; null does nothing. */
  answer: ((how: { typed: string | null; turn: number }) => CallEvent[]) | null = null;
  #queue: BoundedQueue<CallEvent> | null = null;
  #turns = 0;

  get heardSamples(): number {
    return this.heard.reduce((sum, { length }) => sum + length, 0);
  }

  did(name: Deed['did']): unknown[] {
    return this.deeds.filter(({ did }) => did === name).map((deed) => deed.with);
  }

  tell(...events: CallEvent[]): void {
    for (const event of events) {
      if (event.type === 'state-change') this.state = event.state;
      this.#queue?.push(event);
    }
  }

  attach(): CallAttachment {
    this.#queue?.push({ type: 'taken-over' });
    this.#queue?.end();
    const queue = new BoundedQueue<CallEvent>(100_000);
    this.#queue = queue;
    this.tell({ type: 'state-change', state: this.state }, ...this.backlog);
    return {
      events: queue,
      detach: () => {
        queue.end();
        this.deeds.push({ did: 'detach' });
        if (this.#queue === queue) this.#queue = null;
      },
    };
  }

  hear(samples: Float32Array): void {
    this.heard.push(samples);
  }

  played(position: { replyId: string; positionInMs: number }): void {
    this.deeds.push({ did: 'played', with: position });
  }

  truncate(position: { replyId: string; positionInMs: number }): void {
    this.deeds.push({ did: 'truncate', with: position });
  }

  interrupt(): void {
    this.deeds.push({ did: 'interrupt' });
  }

  type(text: string): void {
    this.deeds.push({ did: 'type', with: text });
    this.#reply(text);
  }

  press(): void {
    this.deeds.push({ did: 'press' });
  }

  release(): void {
    this.deeds.push({ did: 'release' });
    this.#reply(null);
  }

  endTurn(): void {
    this.deeds.push({ did: 'endTurn' });
    this.#reply(null);
  }

  clearTurn(): void {
    this.deeds.push({ did: 'clearTurn' });
  }

  say(words: { text: string; messageId: string }): void {
    this.deeds.push({ did: 'say', with: words });
  }

  setProfile(): void {
    throw new Error('A transport sets the profile by `configure`.');
  }

  async end(reason: CallEndReason): Promise<void> {
    this.deeds.push({ did: 'end', with: reason });
    if (this.state === 'ended') return;
    this.tell({ type: 'state-change', state: 'ended' }, { type: 'call-end', reason });
    this.#queue?.end();
  }

  /** The events break off, as they must not. */
  breakOff(): void {
    this.#queue?.end();
  }

  #reply(typed: string | null): void {
    this.#turns += 1;
    if (this.answer) this.tell(...this.answer({ typed, turn: this.#turns }));
  }
}

export interface ScriptedCalls extends CallDoor {
  call: ScriptedCall;
  readonly requests: OpenCallRequest[];
  readonly configured: CallSettings[];
  /** Thrown by the next opening. */
  refusal: Error | null;
  /** Waited for by the next opening. */
  gate: Promise<void> | null;
  /** A call that nothing has happened to yet. */
  reset(): void;
}

/** One call behind a door: a new one for every character, the same one when it is resumed by its id, `call-1`. */
export function createScriptedCalls(): ScriptedCalls {
  const requests: OpenCallRequest[] = [];
  const configured: CallSettings[] = [];
  const calls: ScriptedCalls = {
    call: new ScriptedCall(),
    requests,
    configured,
    refusal: null,
    gate: null,
    reset() {
      requests.length = 0;
      configured.length = 0;
      Object.assign(calls, { call: new ScriptedCall(), refusal: null, gate: null });
    },
    async open(_actor, request): Promise<OpenCall> {
      requests.push(request);
      await calls.gate;
      if (calls.refusal) throw calls.refusal;
      const { target } = request;
      if (target.kind === 'call' && target.callId !== 'call-1') throw new NotFoundError('There is no such call.');
      return {
        id: 'call-1',
        conversationId: 'conversation-1',
        characterName: 'Mira',
        locale: 'en',
        resumed: target.kind === 'call',
        call: calls.call,
        configure: async (settings) => {
          if (settings.voice?.voice === 'local:none/none')
            throw new NotFoundError('There is no such voice.', { code: 'voice-absent' });
          configured.push(settings);
        },
      };
    },
  };
  return calls;
}

/** The events of a whole turn with its reply: two clauses, a second of audio each. */
export function turnEvents({ typed, turn }: { typed: string | null; turn: number }): CallEvent[] {
  const turnId = `t${turn}`;
  const replyId = `r${turn}`;
  const spoken: CallEvent[] = [
    { type: 'speech-start', turnId, positionInMs: 100 },
    { type: 'speech-end', turnId, positionInMs: 1100 },
    { type: 'transcript', turnId, text: 'how', final: false },
    { type: 'transcript', turnId, text: 'How are you?', final: true },
  ];
  const second = (clause: number): CallEvent => ({
    type: 'audio',
    replyId,
    clause,
    samples: Int16Array.from({ length: 24_000 }, (_, at) =>
      Math.round(8000 * Math.sin((at * 2 * Math.PI * 440) / 24_000)),
    ),
    positionInMs: clause * 1000,
  });
  return [
    ...(typed === null ? spoken : []),
    { type: 'turn-commit', turnId, messageId: `m${turn}`, replyId, replyMessageId: `m${turn}-reply` },
    { type: 'state-change', state: 'thinking' },
    { type: 'reply-start', replyId },
    {
      type: 'clause-start',
      replyId,
      clause: 0,
      text: typed === null ? 'I am well,' : `You wrote ${typed}`,
      positionInMs: 0,
    },
    { type: 'state-change', state: 'speaking' },
    second(0),
    { type: 'clause-end', replyId, clause: 0, positionInMs: 1000 },
    { type: 'clause-start', replyId, clause: 1, text: 'and you?', positionInMs: 1000 },
    second(1),
    { type: 'clause-end', replyId, clause: 1, positionInMs: 2000 },
    { type: 'reply-sent', replyId, durationInMs: 2000 },
    {
      type: 'reply-end',
      replyId,
      state: 'done',
      heard: typed === null ? 'I am well, and you?' : `You wrote ${typed} and you?`,
      timings: null,
    },
    { type: 'state-change', state: 'listening' },
  ];
}
