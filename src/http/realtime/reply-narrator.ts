import { encodeAudioFrame } from '../../../client/call/binary-frame.ts';
import type { RealtimeResponse } from '../../../contract/realtime-server-events.ts';
import type { RealtimeItem, RealtimeSpeaker } from '../../../contract/realtime.ts';
import { pcm16Bytes } from '../../base/audio/pcm16.ts';
import type { CallEvent } from '../../voice/call-events.ts';
import { SPEAKING_SAMPLE_RATE } from '../../voice/voice-ports.ts';
import type { ItemShelf } from './item-shelf.ts';
import type { RealtimeSocket } from './realtime-socket.ts';
import type { SessionSettings } from './session-settings.ts';

const SAMPLES_PER_MS = SPEAKING_SAMPLE_RATE / 1000;
/** Replies whose item may still be truncated or reported on. */
const MAX_REMEMBERED = 50;

/**
 * A reply as this session tells it.
 *   open    its audio is being sent; entered by the first event about it
 *   sent    all of it was sent and may still sound; entered by `reply-sent`
 *   over    entered by `reply-end`
 */
export interface ToldReply {
  readonly replyId: string;
  readonly itemId: string;
  readonly responseId: string;
  readonly audioIndex: number;
  readonly modality: 'audio' | 'text';
  state: 'open' | 'sent' | 'over';
  transcript: string;
  /** Who speaks, where several may. */
  speaker: RealtimeSpeaker | null;
  /** Milliseconds of audio sent so far. */
  durationInMs: number;
  /** The client stopped it, rather than speech. */
  stoppedByClient: boolean;
}

export interface ReplyNarratorOptions {
  socket: RealtimeSocket;
  shelf: ItemShelf;
  conversationId: string;
  frames: 'json' | 'binary';
  settings: () => SessionSettings;
}

type EventOf<Type extends CallEvent['type']> = Extract<CallEvent, { type: Type }>;

/** Tells a client of replies, in the order of OpenAI's responses: created, item, part, deltas, done. */
export class ReplyNarrator {
  readonly #options: ReplyNarratorOptions;
  readonly #replies = new Map<string, ToldReply>();
  #count = 0;

  constructor(options: ReplyNarratorOptions) {
    this.#options = options;
  }

  /** The reply that is being told, or sounds. */
  get active(): ToldReply | undefined {
    return [...this.#replies.values()].findLast(({ state }) => state !== 'over');
  }

  byItem(itemId: string): ToldReply | undefined {
    return this.#replies.get(itemId.replace(/^reply_/, ''));
  }

  begin(replyId: string): ToldReply {
    const known = this.#replies.get(replyId);
    if (known) return known;
    const { socket, shelf, frames } = this.#options;
    const reply = this.#remember(replyId);
    const { responseId, itemId } = reply;
    socket.send({ type: 'response.created', response: this.#response(reply, 'in_progress', []) });
    const item = replyItem(reply, 'in_progress', '');
    const empty = { ...item, content: [] };
    socket.send({ type: 'response.output_item.added', response_id: responseId, output_index: 0, item: empty });
    socket.send({ type: 'conversation.item.added', item: empty, previous_item_id: shelf.put(item) });
    socket.send({ type: 'response.content_part.added', ...partOf(reply), part: contentPart(reply, '') });
    if (frames === 'binary' && reply.modality === 'audio') {
      socket.send({
        type: 'everwith.audio.started',
        response_id: responseId,
        item_id: itemId,
        audio_index: reply.audioIndex,
      });
    }
    return reply;
  }

  /** Told once for each connection, though the call says it again after a reconnection. */
  nameSpeaker({ replyId, speaker: { id, name } }: EventOf<'reply-speaker'>): void {
    const reply = this.begin(replyId);
    if (reply.speaker) return;
    reply.speaker = { id, name };
    this.#options.socket.send({ type: 'everwith.speaker.named', ...idsOf(reply), speaker: reply.speaker });
  }

  commit({ replyId, replyMessageId }: EventOf<'reply-commit'>): void {
    const reply = this.begin(replyId);
    this.#options.socket.send({ type: 'everwith.reply.committed', ...idsOf(reply), message_id: replyMessageId });
  }

  startClause({ replyId, clause, text, positionInMs }: EventOf<'clause-start'>): void {
    const { socket } = this.#options;
    const reply = this.begin(replyId);
    socket.send({ type: 'everwith.clause.started', ...idsOf(reply), clause, text, position_ms: positionInMs });
    const delta = spacing(reply.transcript, text) + text;
    reply.transcript += delta;
    const type =
      reply.modality === 'text'
        ? ('response.output_text.delta' as const)
        : ('response.output_audio_transcript.delta' as const);
    socket.send({ type, ...partOf(reply), delta });
  }

  endClause({ replyId, clause, positionInMs }: EventOf<'clause-end'>): void {
    const reply = this.begin(replyId);
    reply.durationInMs = Math.max(reply.durationInMs, positionInMs);
    this.#options.socket.send({ type: 'everwith.clause.ended', ...idsOf(reply), clause, position_ms: positionInMs });
  }

  audio({ replyId, clause, samples, positionInMs }: EventOf<'audio'>): void {
    const { socket, frames } = this.#options;
    const reply = this.begin(replyId);
    reply.durationInMs = Math.max(reply.durationInMs, positionInMs + samples.length / SAMPLES_PER_MS);
    if (reply.modality === 'text') return;
    if (frames === 'binary') {
      const position = Math.round(positionInMs * SAMPLES_PER_MS);
      socket.sendBinary(encodeAudioFrame({ kind: 'reply', index: reply.audioIndex, position, samples }));
      return;
    }
    socket.send({
      type: 'response.output_audio.delta',
      ...partOf(reply),
      delta: Buffer.from(pcm16Bytes(samples)).toString('base64'),
      everwith: { clause, position_ms: positionInMs },
    });
  }

  sent({ replyId, durationInMs }: EventOf<'reply-sent'>): void {
    const reply = this.begin(replyId);
    reply.durationInMs = durationInMs;
    this.#closeParts(reply, 'completed', reply.transcript);
    if (reply.state === 'open') reply.state = 'sent';
    this.#options.socket.send({ type: 'everwith.reply.sent', ...idsOf(reply), duration_ms: durationInMs });
  }

  flush({ replyId }: EventOf<'flush'>): void {
    const reply = this.begin(replyId);
    this.#options.socket.send({ type: 'output_audio_buffer.cleared', response_id: reply.responseId });
  }

  end({ replyId, state, heard, timings }: EventOf<'reply-end'>, failureCode: string): void {
    const { socket, shelf } = this.#options;
    const reply = this.begin(replyId);
    if (reply.state === 'over') return;
    const whole = state === 'done';
    const words = whole ? reply.transcript || heard : heard;
    this.#closeParts(reply, whole ? 'completed' : 'incomplete', words);
    reply.state = 'over';
    const item = replyItem(reply, whole ? 'completed' : 'incomplete', words);
    shelf.put(item);
    socket.send({ type: 'conversation.item.done', item, previous_item_id: null });
    const done = this.#response(reply, STATUS[state], [item]);
    socket.send({ type: 'response.done', response: { ...done, status_details: detailsOf(reply, state, failureCode) } });
    socket.send({ type: 'everwith.reply.ended', ...idsOf(reply), state, heard, timings });
  }

  #closeParts(reply: ToldReply, status: 'completed' | 'incomplete', words: string): void {
    if (reply.state !== 'open') return;
    const { socket } = this.#options;
    const part = partOf(reply);
    if (reply.modality === 'text') socket.send({ type: 'response.output_text.done', ...part, text: words });
    else {
      socket.send({ type: 'response.output_audio.done', ...part });
      socket.send({ type: 'response.output_audio_transcript.done', ...part, transcript: words });
    }
    socket.send({ type: 'response.content_part.done', ...part, part: contentPart(reply, words) });
    const item = replyItem(reply, status, words);
    socket.send({ type: 'response.output_item.done', response_id: reply.responseId, output_index: 0, item });
  }

  #remember(replyId: string): ToldReply {
    const reply: ToldReply = {
      replyId,
      itemId: `reply_${replyId}`,
      responseId: responseIdOf(replyId),
      audioIndex: this.#count & 0xffff,
      modality: this.#options.settings().modality,
      state: 'open',
      transcript: '',
      speaker: null,
      durationInMs: 0,
      stoppedByClient: false,
    };
    this.#count += 1;
    this.#replies.set(replyId, reply);
    for (const [id, { state }] of this.#replies) {
      if (this.#replies.size <= MAX_REMEMBERED) break;
      if (state === 'over') this.#replies.delete(id);
    }
    return reply;
  }

  #response(reply: ToldReply, status: RealtimeResponse['status'], output: RealtimeItem[]): RealtimeResponse {
    return {
      id: reply.responseId,
      object: 'realtime.response',
      conversation_id: this.#options.conversationId,
      status,
      output,
      output_modalities: [reply.modality],
    };
  }
}

export function responseIdOf(replyId: string): string {
  return `resp_${replyId}`;
}

const STATUS = { done: 'completed', interrupted: 'cancelled', stopped: 'cancelled', failed: 'failed' } as const;

function detailsOf(
  reply: ToldReply,
  state: EventOf<'reply-end'>['state'],
  failureCode: string,
): NonNullable<RealtimeResponse['status_details']> {
  if (state === 'done') return { type: 'completed' };
  if (state === 'failed') return { type: 'failed', error: { type: 'server_error', code: failureCode } };
  const byClient = state === 'stopped' || reply.stoppedByClient;
  return { type: 'cancelled', reason: byClient ? 'client_cancelled' : 'turn_detected' };
}

function idsOf({ responseId, itemId }: ToldReply) {
  return { response_id: responseId, item_id: itemId };
}

function partOf(reply: ToldReply) {
  return { ...idsOf(reply), output_index: 0, content_index: 0 };
}

function contentPart({ modality }: ToldReply, words: string) {
  return modality === 'text' ? { type: 'text' as const, text: words } : { type: 'audio' as const, transcript: words };
}

function replyItem(reply: ToldReply, status: RealtimeItem['status'], words: string): RealtimeItem {
  return {
    id: reply.itemId,
    object: 'realtime.item',
    type: 'message',
    role: 'assistant',
    status,
    content:
      reply.modality === 'text'
        ? [{ type: 'output_text', text: words }]
        : [{ type: 'output_audio', transcript: words }],
    ...(reply.speaker ? { everwith: { speaker: reply.speaker } } : {}),
  };
}

/** What stands between two clauses where neither brings it: a space, except in scripts that have none. */
function spacing(before: string, after: string): string {
  if (before === '' || /\s$/.test(before) || /^\s/.test(after)) return '';
  const noSpaces = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;
  return noSpaces.test(before.at(-1) ?? '') || noSpaces.test(after[0] ?? '') ? '' : ' ';
}
