import type { Actor } from '../../accounts/actor.ts';
import type { Logger } from '../../base/logger.ts';
import { HEARING_SAMPLE_RATE } from '../../models/spec/speech-handle.ts';
import type { SpokenStyle } from '../../turn/turn-request.ts';
import type { ConfirmedTurn, DraftRequest, Replier, ReplyDraft, Said } from '../../voice/voice-ports.ts';
import type { CallTurn, CallTurns } from './calls-context.ts';
import type { Recordings } from './recordings.ts';

export interface CallReplierOptions {
  actor: Actor;
  conversationId: string;
  callId: string;
  turns: CallTurns;
  recordings: Recordings;
  logger: Logger;
  style: () => SpokenStyle;
  keepsRecordings: () => boolean;
  /** The text page asks that the reply ends. */
  onStop: () => void;
  /** A turn counts now. */
  onTurn: () => void;
}

/** The character, or the characters of a room, at the other end of a call: answers with turns of the conversation. */
export class CallReplier implements Replier {
  readonly #options: CallReplierOptions;

  constructor(options: CallReplierOptions) {
    this.#options = options;
  }

  draft({ text, how, signal }: DraftRequest): ReplyDraft {
    const { turns, actor, conversationId, callId, style, onStop } = this.#options;
    return this.#draftOf(turns.begin({ actor, conversationId, callId, text, how, style: style(), signal, onStop }));
  }

  #draftOf(turn: CallTurn): ReplyDraft {
    return {
      words: turn.words,
      speaker: turn.speaker.then((speaker) => speaker && { id: speaker.participantId, name: speaker.name }),
      confirm: (said) => this.#confirm(turn, said),
      heard: (heard) => turn.heard(heard),
      end: ({ state, heard, timings, failure, durationInMs = 0 }) =>
        turn.end({ state, heard, timings, failure, durationInMs }),
      discard: () => turn.discard(),
      follow: async (request) => {
        const next = await turn.follow(request);
        return next && this.#draftOf(next);
      },
    };
  }

  async #confirm(turn: CallTurn, said: Said | null): Promise<ConfirmedTurn> {
    if (said === null) return turn.confirm(null);
    const { text, samples } = said;
    const { recordings, conversationId, actor, keepsRecordings, onTurn } = this.#options;
    const durationInMs = samples ? Math.round((samples.length * 1000) / HEARING_SAMPLE_RATE) : 0;
    const plain = { text, durationInMs, recorded: false };
    const kept =
      samples && keepsRecordings()
        ? await this.#orWithoutSound(
            () =>
              recordings.keep({ samples, conversationId, ownerId: actor.userId }, ({ join }) =>
                turn.confirm({ ...plain, recorded: true, join }),
              ),
            () => turn.confirm(plain),
          )
        : await turn.confirm(plain);
    onTurn();
    return kept;
  }

  /** Words matter more than their sound: a disk that takes no recording must not cost them. */
  async #orWithoutSound<T>(recorded: () => Promise<T>, plain: () => Promise<T>): Promise<T> {
    try {
      return await recorded();
    } catch (error) {
      this.#options.logger.warn({ err: error, callId: this.#options.callId }, 'a recording could not be kept');
      return plain();
    }
  }
}
