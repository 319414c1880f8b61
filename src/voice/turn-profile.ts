import type { TurnProfile } from '../../contract/voice.ts';

/** How long silence means what, milliseconds of audio after the last speech. */
export interface TurnPatience {
  /** A turn that sounds complete ends here at the earliest… */
  completeInMs: number;
  /** …and at the latest, however slow this speaker is. */
  longestCompleteInMs: number;
  /** A turn that sounds unfinished is waited for so long, adapted to the speaker within these bounds. */
  incompleteInMs: { shortest: number; longest: number };
  /** After the decision, renewed speech goes on with the same turn, unheard answer dropped. */
  reopenInMs: number;
}

/** Silero's own silence; nothing is asked of the turn detector before (as Pipecat and Smart Turn's training do). */
export const STOP_SILENCE_MS = 200;
/** The transcript is begun here, so that it is there when the silence is long enough. */
export const TRANSCRIBE_SILENCE_MS = 96;

/**
 * `normal` follows hosted cascades and people's own gaps (about 200 ms, Stivers 2009); `slow-speaker` waits two seconds
 * even after what sounds complete, because people who search for words pause as long in mid-sentence.
 */
export const TURN_PATIENCE: Record<Exclude<TurnProfile, 'push-to-talk'>, TurnPatience> = {
  normal: {
    completeInMs: STOP_SILENCE_MS,
    longestCompleteInMs: 700,
    incompleteInMs: { shortest: 1200, longest: 2600 },
    reopenInMs: 600,
  },
  'slow-speaker': {
    completeInMs: 2000,
    longestCompleteInMs: 2000,
    incompleteInMs: { shortest: 2800, longest: 4000 },
    reopenInMs: 1200,
  },
};
