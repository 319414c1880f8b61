import { REALTIME_CLOSE_CODES } from '../../../contract/realtime.ts';
import type { Call } from '../../voice/call-handle.ts';
import type { CallEvent } from '../../voice/call-events.ts';
import type { RealtimeSocket } from './realtime-socket.ts';
import type { ReplyNarrator } from './reply-narrator.ts';
import type { TurnNarrator } from './turn-narrator.ts';

export interface CallNarratorOptions {
  socket: RealtimeSocket;
  call: Pick<Call, 'played'>;
  turns: TurnNarrator;
  replies: ReplyNarrator;
}

/** Turns what a call tells into the protocol's events. */
export class CallNarrator {
  readonly #options: CallNarratorOptions;
  #failureCode = 'unknown';

  constructor(options: CallNarratorOptions) {
    this.#options = options;
  }

  tell(event: CallEvent): void {
    const { socket, turns, replies } = this.#options;
    switch (event.type) {
      case 'state-change':
        return socket.send({ type: 'everwith.state', state: event.state });
      case 'speech-start':
        return turns.startSpeech(event);
      case 'speech-end':
        return turns.endSpeech(event);
      case 'speech-dismiss':
        return turns.dismiss(event);
      case 'transcript':
        return turns.transcript(event);
      case 'turn-commit':
        return turns.commitTurn(event);
      case 'duck':
        return socket.send({ type: 'everwith.duck' });
      case 'unduck':
        return socket.send({ type: 'everwith.unduck' });
      case 'failure':
        return this.#tellFailure(event);
      case 'taken-over':
        socket.send({ type: 'everwith.taken_over' });
        return socket.close(REALTIME_CLOSE_CODES.takenOver, 'Another device has this call now.');
      case 'call-end':
        socket.send({ type: 'everwith.call.ended', reason: event.reason });
        return event.reason === 'house-closing'
          ? socket.close(REALTIME_CLOSE_CODES.closing, 'The house closes.')
          : socket.close(REALTIME_CLOSE_CODES.ended, 'The call is over.');
      case 'reply-start':
        replies.begin(event.replyId);
        return;
      case 'reply-speaker':
        return replies.nameSpeaker(event);
      case 'reply-commit':
        return replies.commit(event);
      case 'clause-start':
        return replies.startClause(event);
      case 'audio':
        return replies.audio(event);
      case 'clause-end':
        return this.#endClause(event);
      case 'reply-sent':
        return replies.sent(event);
      case 'flush':
        turns.releaseAll();
        return replies.flush(event);
      case 'reply-end':
        if (event.state === 'interrupted') turns.releaseAll();
        return replies.end(event, this.#failureCode);
    }
  }

  /** Written words count as taken in when they were sent: nobody listens to them. */
  #endClause(event: Extract<CallEvent, { type: 'clause-end' }>): void {
    const { call, replies } = this.#options;
    replies.endClause(event);
    const { replyId, positionInMs } = event;
    if (replies.begin(replyId).modality === 'text') call.played({ replyId, positionInMs });
  }

  #tellFailure({ stage, code, message, retryable }: Extract<CallEvent, { type: 'failure' }>): void {
    this.#failureCode = code;
    this.#options.socket.send({
      type: 'error',
      error: {
        type: 'server_error',
        code,
        message,
        param: null,
        event_id: null,
        everwith: { stage, retryable },
      },
    });
  }
}
