import type { CallEvent } from '../../voice/call-events.ts';
import { userItem, type ItemShelf } from './item-shelf.ts';
import type { RealtimeSocket } from './realtime-socket.ts';
import { responseIdOf } from './reply-narrator.ts';

/** Turns that are remembered; a person speaks in one at a time. */
const MAX_REMEMBERED = 50;

type EventOf<Type extends CallEvent['type']> = Extract<CallEvent, { type: Type }>;

interface ToldTurn {
  itemId: string;
  startInMs: number;
  endInMs: number;
  /** `input_audio_buffer.committed` was sent. */
  committed: boolean;
  /** Its final transcript was sent. */
  transcribed: boolean;
  /**
   * Speech over a reply, for a client that stops playing at `speech_started`: kept back until it is certain that the
   * speech interrupts. Null = told as it comes.
   */
  heldBack: (() => void)[] | null;
}

export interface TurnNarratorOptions {
  socket: RealtimeSocket;
  shelf: ItemShelf;
  /** True for clients that know only OpenAI's protocol. */
  holdsBack: boolean;
  isReplySounding: () => boolean;
}

/** Tells a client of what the person says: speech, transcripts, items. */
export class TurnNarrator {
  readonly #options: TurnNarratorOptions;
  readonly #turns = new Map<string, ToldTurn>();
  /** The item that the next turn takes: the client made it before the call gave the turn an id. */
  #nextItemId: string | null = null;
  #count = 0;

  constructor(options: TurnNarratorOptions) {
    this.#options = options;
  }

  /** Speech that is not answered yet. */
  get isTurnOpen(): boolean {
    return this.#openTurn !== undefined;
  }

  /** The client says that its audio is complete: the item of the turn under way, or one that the next turn may take. */
  commit(): { itemId: string; isNew: boolean } {
    const open = this.#openTurn;
    if (open && !open.committed) {
      this.#release(open);
      this.#tellCommitted(open);
      return { itemId: open.itemId, isNew: false };
    }
    this.#count += 1;
    const itemId = `turn_committed_${this.#count}`;
    this.#tellCommitted({ itemId, committed: false });
    return { itemId, isNew: true };
  }

  takeNext(itemId: string): void {
    this.#nextItemId = itemId;
  }

  startSpeech({ turnId, positionInMs }: EventOf<'speech-start'>): void {
    const known = this.#turns.get(turnId);
    const turn = known ?? this.#remember(turnId, positionInMs);
    if (!known && this.#options.holdsBack && this.#options.isReplySounding()) turn.heldBack = [];
    this.#tell(turn, () =>
      this.#options.socket.send({
        type: 'input_audio_buffer.speech_started',
        item_id: turn.itemId,
        audio_start_ms: Math.round(positionInMs),
      }),
    );
  }

  endSpeech({ turnId, positionInMs }: EventOf<'speech-end'>): void {
    const turn = this.#remember(turnId, positionInMs);
    turn.endInMs = positionInMs;
    this.#tell(turn, () =>
      this.#options.socket.send({
        type: 'input_audio_buffer.speech_stopped',
        item_id: turn.itemId,
        audio_end_ms: Math.round(positionInMs),
      }),
    );
  }

  dismiss({ turnId, reason }: EventOf<'speech-dismiss'>): void {
    const turn = this.#remember(turnId, 0);
    turn.heldBack = null;
    this.#turns.delete(turnId);
    this.#options.socket.send({ type: 'everwith.speech.dismissed', item_id: turn.itemId, reason });
    if (turn.committed) this.#tellNothingHeard(turn.itemId);
  }

  /** What was held back happened after all. */
  releaseAll(): void {
    for (const turn of this.#turns.values()) this.#release(turn);
  }

  transcript({ turnId, text, final }: EventOf<'transcript'>): void {
    const { socket, shelf } = this.#options;
    const turn = this.#remember(turnId, 0);
    if (!final) {
      this.#tell(turn, () => socket.send({ type: 'everwith.transcript.changed', item_id: turn.itemId, text }));
      return;
    }
    if (turn.transcribed) return;
    turn.transcribed = true;
    this.#release(turn);
    this.#tellCommitted(turn);
    const ids = { item_id: turn.itemId, content_index: 0 };
    socket.send({ type: 'conversation.item.input_audio_transcription.delta', ...ids, delta: text });
    socket.send({
      type: 'conversation.item.input_audio_transcription.completed',
      ...ids,
      transcript: text,
      usage: { type: 'duration', seconds: Math.max(0, turn.endInMs - turn.startInMs) / 1000 },
    });
    const item = userItem(turn.itemId, [{ type: 'input_audio', transcript: text }]);
    shelf.put(item);
    socket.send({ type: 'conversation.item.done', item, previous_item_id: null });
  }

  commitTurn({ turnId, messageId, replyId, replyMessageId }: EventOf<'turn-commit'>): void {
    const turn = this.#remember(turnId, 0);
    this.#release(turn);
    // Typed words have no transcript.
    turn.transcribed = true;
    this.#options.socket.send({
      type: 'everwith.turn.committed',
      item_id: turn.itemId,
      response_id: responseIdOf(replyId),
      reply_item_id: `reply_${replyId}`,
      message_id: messageId,
      reply_message_id: replyMessageId,
    });
  }

  get #openTurn(): ToldTurn | undefined {
    return [...this.#turns.values()].findLast(({ transcribed }) => !transcribed);
  }

  #remember(turnId: string, positionInMs: number): ToldTurn {
    const known = this.#turns.get(turnId);
    if (known) return known;
    const made = this.#nextItemId;
    this.#nextItemId = null;
    const turn: ToldTurn = {
      itemId: made ?? `turn_${turnId}`,
      startInMs: positionInMs,
      endInMs: positionInMs,
      committed: made !== null,
      transcribed: false,
      heldBack: null,
    };
    this.#turns.set(turnId, turn);
    for (const id of this.#turns.keys()) {
      if (this.#turns.size <= MAX_REMEMBERED) break;
      this.#turns.delete(id);
    }
    return turn;
  }

  #tell(turn: ToldTurn, tell: () => void): void {
    if (turn.heldBack) turn.heldBack.push(tell);
    else tell();
  }

  #release(turn: ToldTurn): void {
    const held = turn.heldBack ?? [];
    turn.heldBack = null;
    for (const tell of held) tell();
  }

  #tellCommitted(turn: { itemId: string; committed: boolean }): void {
    if (turn.committed) return;
    turn.committed = true;
    const { socket, shelf } = this.#options;
    const item = userItem(turn.itemId, [{ type: 'input_audio', transcript: null }]);
    const previous = shelf.put(item);
    socket.send({ type: 'input_audio_buffer.committed', item_id: turn.itemId, previous_item_id: previous });
    socket.send({ type: 'conversation.item.added', item, previous_item_id: previous });
  }

  #tellNothingHeard(itemId: string): void {
    this.#options.socket.send({
      type: 'conversation.item.input_audio_transcription.failed',
      item_id: itemId,
      content_index: 0,
      error: {
        type: 'invalid_request_error',
        code: 'nothing_heard',
        message: 'There was no speech in this audio, so it is not answered.',
        param: null,
      },
    });
  }
}
