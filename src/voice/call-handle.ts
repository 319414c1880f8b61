import type { TurnProfile } from '../../contract/voice.ts';
import type { CallEndReason, CallEvent, CallState } from './call-events.ts';
import type { ReplySpeaker } from './voice-ports.ts';

/** A call under way, as its transport sees it. Made by `createCall`. */
export interface Call {
  readonly state: CallState;
  /** Receives everything from now on, beginning with the state and what of a sounding reply has not been heard. Takes over from whoever was attached. */
  attach(): CallAttachment;
  /** Mono 16 kHz in [-1, 1], any length. */
  hear(samples: Float32Array): void;
  /** The caller's device: this much of the reply has sounded. Only grows; ignored for replies that are over. */
  played(position: { replyId: string; positionInMs: number }): void;
  /** The caller's device stopped by itself: nothing after this position was or will be heard. */
  truncate(position: { replyId: string; positionInMs: number }): void;
  /** Stops the reply at once: a tap. */
  interrupt(): void;
  /** Words typed beside the voice: a turn of their own. */
  type(text: string): void;
  /** Push-to-talk: the person holds the button. */
  press(): void;
  release(): void;
  /** The person has finished, whatever the ears think. */
  endTurn(): void;
  /** Forgets what was heard of a turn that is not certain yet. */
  clearTurn(): void;
  /** Says words that are already kept, for example a greeting. */
  say(words: KeptWords): void;
  setProfile(profile: TurnProfile): void;
  /** Ends the call and waits until what was heard is kept. */
  end(reason: CallEndReason): Promise<void>;
}

/** Words of a message, and who says them; a null speaker where only one answers. */
export interface KeptWords {
  text: string;
  messageId: string;
  speaker: ReplySpeaker | null;
}

export interface CallAttachment {
  events: AsyncIterable<CallEvent>;
  /** The transport is gone; the call waits. */
  detach(): void;
}
