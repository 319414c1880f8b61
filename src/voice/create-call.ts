import type { TurnProfile } from '../../contract/voice.ts';
import type { Call } from './call-handle.ts';
import { CallSession } from './call-session.ts';
import type { CallClock, Listener, Replier, Speaker } from './voice-ports.ts';

export interface CallOptions {
  clock: CallClock;
  newId: () => string;
  listener: Listener;
  speaker: Speaker;
  replier: Replier;
  profile: TurnProfile;
  /** `estimated` where the caller's device does not say what has sounded. */
  playback: 'reported' | 'estimated';
  /** ISO 639-1: whose back-channels are meant. */
  language: string;
  /** Reads stage directions aloud, for characters who narrate. */
  narration?: 'skip' | 'read';
}

/** Begins a call: nobody is attached yet, nobody has spoken. */
export function createCall(options: CallOptions): Call {
  return new CallSession(options);
}
