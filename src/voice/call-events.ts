import type { SpokenTimings } from '../../contract/voice.ts';
import type { ReplySpeaker } from './voice-ports.ts';

/**
 * What a call is doing, in a word.
 *   listening  nobody speaks
 *   hearing    the person speaks, or has just paused
 *   thinking   the turn is certain and nothing sounds yet
 *   speaking   the reply sounds
 *   away       nobody is attached: the network is gone, the tab is closed
 *   ended
 */
export type CallState = 'listening' | 'hearing' | 'thinking' | 'speaking' | 'away' | 'ended';

/** What a call tells whoever is attached. Positions are milliseconds of audio: of the microphone, or of one reply. */
export type CallEvent =
  | { type: 'state-change'; state: CallState }
  /** Somebody began to speak. `turnId` stays the same when a paused turn goes on. */
  | { type: 'speech-start'; turnId: string; positionInMs: number }
  | { type: 'speech-end'; turnId: string; positionInMs: number }
  /** It was no turn: a cough, our own echo, a back-channel. */
  | { type: 'speech-dismiss'; turnId: string; reason: 'echo' | 'back-channel' | 'noise' }
  /** What is understood so far; `final` once per turn. */
  | { type: 'transcript'; turnId: string; text: string; final: boolean }
  /** The turn is certain and kept. */
  | { type: 'turn-commit'; turnId: string; messageId: string; replyId: string; replyMessageId: string }
  /** `messageId` where the words are kept already: a greeting. */
  | { type: 'reply-start'; replyId: string; messageId?: string }
  /** Who speaks in a reply, where several may; before its first clause, after every `reply-start`. */
  | { type: 'reply-speaker'; replyId: string; speaker: ReplySpeaker }
  /** A reply that follows another is kept from now on. */
  | { type: 'reply-commit'; replyId: string; replyMessageId: string }
  /** A clause is about to sound: its words, exactly as in the reply, and where its audio begins. */
  | { type: 'clause-start'; replyId: string; clause: number; text: string; positionInMs: number }
  /** Mono 24 kHz. `positionInMs`: where these samples begin. */
  | { type: 'audio'; replyId: string; clause: number; samples: Int16Array; positionInMs: number }
  | { type: 'clause-end'; replyId: string; clause: number; positionInMs: number }
  /** All audio of the reply was sent; it may still sound. */
  | { type: 'reply-sent'; replyId: string; durationInMs: number }
  /** The reply is over. `heard` is what is kept of it. */
  | {
      type: 'reply-end';
      replyId: string;
      state: 'done' | 'interrupted' | 'stopped' | 'failed';
      heard: string;
      timings: SpokenTimings | null;
    }
  /** Play more quietly: somebody may be interrupting. */
  | { type: 'duck' }
  | { type: 'unduck' }
  /** Throw away what has not sounded. */
  | { type: 'flush'; replyId: string }
  | {
      type: 'failure';
      stage: 'hearing' | 'thinking' | 'speaking';
      code: string;
      message: string;
      retryable: boolean;
    }
  /** Another device attached to this call; this one hears nothing more. */
  | { type: 'taken-over' }
  | { type: 'call-end'; reason: CallEndReason };

export type CallEndReason = 'hung-up' | 'away-too-long' | 'house-closing' | 'failed';
