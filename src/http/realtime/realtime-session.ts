import type { WebSocket } from 'ws';
import { decodeAudioFrame } from '../../../client/call/binary-frame.ts';
import { REALTIME_CLOSE_CODES, type RealtimeQuery, type RealtimeSession } from '../../../contract/realtime.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import type { OpenCall, OpenCallRequest } from '../../features/calls/open-call.ts';
import { CallNarrator } from './call-narrator.ts';
import { CallerAudio } from './caller-audio.ts';
import { ClientEvents } from './client-events.ts';
import { Inbox, type IncomingMessage } from './inbox.ts';
import { ItemShelf } from './item-shelf.ts';
import { PacedHearing } from './paced-hearing.ts';
import { parseClientEvent } from './parse-client-event.ts';
import { RealtimeFault, toRealtimeError } from './realtime-fault.ts';
import { RealtimeSocket, type RealtimeSocketOptions } from './realtime-socket.ts';
import { ReplyNarrator } from './reply-narrator.ts';
import { FIRST_SETTINGS, turnDetectionOf, type SessionSettings } from './session-settings.ts';
import { TurnNarrator } from './turn-narrator.ts';

/** Messages in a row that are no events. */
const MAX_NONSENSE = 20;
/** A client that closes normally hangs up. Whatever else ends a connection leaves the call waiting. */
const HUNG_UP_CODE = 1000;
/** How long the end of the house waits for a call to be kept. */
const MAX_GOODBYE_MS = 2000;

/** Where calls come from. */
export interface CallDoor {
  open(actor: Actor, request: OpenCallRequest): Promise<OpenCall>;
}

export interface RealtimeSessionOptions {
  webSocket: WebSocket;
  actor: Actor;
  query: RealtimeQuery;
  calls: CallDoor;
  clock: Clock;
  logger: Logger;
  socketOptions?: RealtimeSocketOptions;
  /** Aborts when the session or key is revoked, or, with the reason `house-closing`, when the house closes. */
  signal: AbortSignal;
}

/**
 * One client on one call, from the handshake to the end. Resolves when the socket is closed: then the call is over
 * where the client hung up, and waits for it where the connection broke.
 */
export async function holdRealtimeSession(options: RealtimeSessionOptions): Promise<void> {
  const { webSocket, actor, query, calls, logger, signal, clock } = options;
  const socket = new RealtimeSocket(webSocket, options.socketOptions);
  const inbox = new Inbox(() => clock.monotonic());
  const closed = new Promise<number>((resolve) => webSocket.once('close', resolve));
  webSocket.on('message', (data, isBinary) => {
    if (inbox.push({ data: data as Buffer, isBinary })) return;
    sendError(
      socket,
      new RealtimeFault('Too many messages at once.', { code: 'rate_limit', kind: 'rate_limit_error' }),
    );
    socket.close(REALTIME_CLOSE_CODES.flood, 'Too many messages at once.');
  });
  let open: OpenCall;
  try {
    open = await calls.open(actor, callRequest(query));
  } catch (error) {
    report({ socket, error, eventId: null, logger });
    socket.close(REALTIME_CLOSE_CODES.refused, 'The call could not begin.');
    return;
  }
  if (!socket.isOpen) {
    if (!open.resumed) await open.call.end('hung-up');
    return;
  }
  const leave = () => {
    sayGoodbye({ socket, open, signal, closed }).catch((error: unknown) =>
      logger.error({ err: error }, 'a call could not be ended with the house'),
    );
  };
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  try {
    await talk({ options, socket, inbox, open, closed });
  } finally {
    signal.removeEventListener('abort', leave);
    inbox.close();
  }
}

async function talk({
  options: { query, clock, logger },
  socket,
  inbox,
  open,
  closed,
}: {
  options: RealtimeSessionOptions;
  socket: RealtimeSocket;
  inbox: Inbox;
  open: OpenCall;
  closed: Promise<number>;
}): Promise<void> {
  const attachment = open.call.attach();
  const { narrator, events, describe } = assemble({ query, socket, open, clock });
  socket.send({ type: 'session.created', session: describe() });
  inbox.open(createHandler({ socket, events, logger, frames: query.frames }));
  const told = tellAll();
  const code = await closed;
  attachment.detach();
  await told;
  if (code === HUNG_UP_CODE && open.call.state !== 'ended') await open.call.end('hung-up');

  async function tellAll(): Promise<void> {
    try {
      for await (const event of attachment.events) {
        narrator.tell(event);
        if (!socket.isOpen) break;
      }
    } catch (error) {
      report({ socket, error, eventId: null, logger });
    }
    // After the call's end or a takeover this is closed already; else the events broke off, and the client comes again.
    socket.close(REALTIME_CLOSE_CODES.slowReader, 'The call’s events broke off.');
  }
}

function assemble({
  query,
  socket,
  open,
  clock,
}: {
  query: RealtimeQuery;
  socket: RealtimeSocket;
  open: OpenCall;
  clock: Clock;
}) {
  let settings: SessionSettings = {
    ...FIRST_SETTINGS,
    ...(query.playback === 'estimated' ? { profile: 'normal' } : {}),
  };
  const shelf = new ItemShelf();
  const { conversationId, call } = open;
  const replies = new ReplyNarrator({ socket, shelf, conversationId, frames: query.frames, settings: () => settings });
  const turns = new TurnNarrator({
    socket,
    shelf,
    holdsBack: query.playback === 'estimated',
    isReplySounding: () => replies.active !== undefined,
  });
  const describe = () => describeSession({ query, open, settings });
  const events = new ClientEvents({
    open,
    socket,
    shelf,
    audio: new CallerAudio(clock),
    hearing: new PacedHearing({ call, now: () => clock.monotonic() }),
    turns,
    replies,
    settings: { get: () => settings, set: (next) => (settings = next) },
    describe,
  });
  return { narrator: new CallNarrator({ socket, call, turns, replies }), events, describe };
}

function createHandler({
  socket,
  events,
  logger,
  frames,
}: {
  socket: RealtimeSocket;
  events: ClientEvents;
  logger: Logger;
  frames: 'json' | 'binary';
}): (message: IncomingMessage) => void | Promise<void> {
  let nonsense = 0;
  const hearFrame = (data: Buffer) => {
    if (frames !== 'binary') {
      throw new RealtimeFault('Binary messages need ?frames=binary in the address.', { code: 'binary_not_agreed' });
    }
    const frame = decodeAudioFrame(data);
    if ('fault' in frame) throw new RealtimeFault(frame.fault, { code: 'invalid_audio' });
    if (frame.kind !== 'microphone') {
      throw new RealtimeFault('A client sends frames of kind 2, the microphone.', { code: 'invalid_audio' });
    }
    return events.hear(frame.samples);
  };
  return function handle({ data, isBinary }) {
    if (!socket.isOpen) return undefined;
    let eventId: string | null = null;
    const fail = (error: unknown) => report({ socket, error, eventId, logger });
    try {
      if (isBinary) return hearFrame(data)?.catch(fail);
      const parsed = parseClientEvent(data.toString('utf8'));
      eventId = parsed.eventId;
      nonsense = parsed.nonsense ? nonsense + 1 : 0;
      if ('fault' in parsed.result) throw parsed.result.fault;
      return events.handle(parsed.result.event)?.catch(fail);
    } catch (error) {
      fail(error);
      if (nonsense > MAX_NONSENSE) socket.close(REALTIME_CLOSE_CODES.nonsense, 'These are no events of this protocol.');
      return undefined;
    }
  };
}

async function sayGoodbye({
  socket,
  open,
  signal,
  closed,
}: {
  socket: RealtimeSocket;
  open: OpenCall;
  signal: AbortSignal;
  closed: Promise<unknown>;
}): Promise<void> {
  if (signal.reason !== 'house-closing') {
    sendError(
      socket,
      new RealtimeFault('The session or key of this call is over. Sign in again.', { code: 'signed_out' }),
    );
    socket.close(REALTIME_CLOSE_CODES.signedOut, 'Signed out.');
    return;
  }
  // The call's own last event closes the socket; this is for one that does not come to an end.
  const cut = setTimeout(() => socket.close(REALTIME_CLOSE_CODES.closing, 'The house closes.'), MAX_GOODBYE_MS);
  void closed.then(() => clearTimeout(cut));
  await open.call.end('house-closing');
}

function callRequest(query: RealtimeQuery): OpenCallRequest {
  const common = {
    playback: query.playback,
    greet: query.greet === 'true',
    ...(query.playback === 'estimated' ? { settings: { profile: 'normal' as const } } : {}),
  };
  const callId = query.call ?? query.call_id;
  if (callId !== undefined) return { ...common, target: { kind: 'call', callId } };
  if (query.conversation !== undefined) {
    return { ...common, target: { kind: 'conversation', conversationId: query.conversation } };
  }
  const slug = /^character\/([^/]+)$/.exec(query.model ?? '')?.[1];
  if (slug === undefined) {
    throw new RealtimeFault(
      'A model for calls is “character/” and the short name of a character, for example ?model=character/mira.',
      {
        code: 'model_not_found',
        param: 'model',
      },
    );
  }
  return { ...common, target: { kind: 'character', slug, locale: query.locale ?? null } };
}

function describeSession({
  query,
  open,
  settings,
}: {
  query: RealtimeQuery;
  open: OpenCall;
  settings: SessionSettings;
}): RealtimeSession {
  return {
    type: 'realtime',
    object: 'realtime.session',
    id: `sess_${open.id}`,
    model: query.model ?? `conversation/${open.conversationId}`,
    output_modalities: [settings.modality],
    instructions: settings.instructions,
    audio: {
      input: {
        format: { type: 'audio/pcm', rate: settings.inputRate },
        turn_detection: turnDetectionOf(settings),
      },
      output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: settings.voice, speed: settings.speed },
    },
    tools: [],
    everwith: {
      call_id: open.id,
      conversation_id: open.conversationId,
      character_name: open.characterName,
      locale: open.locale,
      resumed: open.resumed,
      profile: settings.profile,
      pitch: settings.pitch,
      frames: query.frames,
      playback: query.playback,
    },
  };
}

function report({
  socket,
  error,
  eventId,
  logger,
}: {
  socket: RealtimeSocket;
  error: unknown;
  eventId: string | null;
  logger: Logger;
}): void {
  if (toRealtimeError(error, eventId) === null) logger.error({ err: error }, 'an event of a call failed');
  sendError(socket, error, eventId);
}

function sendError(socket: RealtimeSocket, error: unknown, eventId: string | null = null): void {
  socket.send({
    type: 'error',
    error: toRealtimeError(error, eventId) ?? {
      type: 'server_error',
      code: 'unknown',
      message: 'Something went wrong in the house; its log says what.',
      param: null,
      event_id: eventId,
    },
  });
}
