import type { CharacterVoice, Pronunciation, Voice } from '../../../contract/voice.ts';
import { UnavailableError, isAbort } from '../../base/errors.ts';
import type { Bill } from '../../models/billing/bill.ts';
import type { SpeechDirectory } from '../../models/routing/speech-directory.ts';
import type { BillableSpeech } from '../../models/spec/speech-handle.ts';
import type { SpeakingVoice } from '../../voice/speak-clause.ts';

/** A voice as it was found for somebody. */
export interface CallVoice extends SpeakingVoice {
  /** As in the list of voices. */
  ref: string;
  /** ISO 639-1; empty where it is not known. */
  languages: readonly string[];
  /** The voice that was chosen and is not there; null where this is it. */
  insteadOf: string | null;
}

export interface ChooseVoice {
  chosen: CharacterVoice;
  /** ISO 639-1. */
  language: string;
  /** The person's own, over the voice's. */
  speed: number;
  pronunciations: readonly Pronunciation[];
  forCalls: boolean;
  /** Who pays for what it says. */
  bill: Bill;
  /** Whether the person may hear a voice; one they may not is as one that is not there. */
  permits: (voice: string) => Promise<boolean>;
  signal: AbortSignal;
}

const SPEEDS = { slowest: 0.5, fastest: 2 };

/**
 * The voice that was chosen, else the house's one of the language. A chosen one that is not there is stood in for, and
 * the result says so. Throws `UnavailableError` (`voice-absent`) where nothing speaks the language.
 */
export async function chooseVoice(directory: SpeechDirectory, request: ChooseVoice): Promise<CallVoice> {
  const { chosen, speed, pronunciations } = request;
  const found = await findVoice(directory, request);
  const known = (await directory.voices()).find((voice: Voice) => voice.ref === found.ref);
  return {
    handle: found.handle.billed(request.bill),
    name: found.voice,
    ref: found.ref,
    languages: known?.languages ?? [],
    speed: Math.min(SPEEDS.fastest, Math.max(SPEEDS.slowest, chosen.speed * speed)),
    pitch: chosen.pitch,
    pronunciations,
    insteadOf: chosen.voice !== null && chosen.voice !== found.ref ? chosen.voice : null,
  };
}

async function findVoice(
  directory: SpeechDirectory,
  { chosen, language, forCalls, permits, signal }: ChooseVoice,
): Promise<{ handle: BillableSpeech; voice: string; ref: string }> {
  const ref = chosen.voice;
  if (ref !== null && (await permits(ref))) {
    try {
      return { ...(await directory.speech(ref, signal)), ref };
    } catch (error) {
      if (isAbort(error) || !(error instanceof UnavailableError)) throw error;
    }
  }
  const standing = await directory.defaultVoice(language, { forCalls });
  if (standing === null || standing === ref) {
    throw new UnavailableError('No voice is installed that speaks this language. Fetch one on the page of voices.', {
      code: 'voice-absent',
      retryable: false,
      details: { language },
    });
  }
  return { ...(await directory.speech(standing, signal)), ref: standing };
}
