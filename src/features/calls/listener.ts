import type { Bill } from '../../models/billing/bill.ts';
import type { SpeechDirectory } from '../../models/routing/speech-directory.ts';
import type { Transcript } from '../../models/spec/speech-handle.ts';
import type { Listener } from '../../voice/voice-ports.ts';

/**
 * Ears for a call in a language (ISO 639-1). Throws `UnavailableError` (`hearing-absent`) where nothing understands it.
 * The engine is asked for anew with each transcript, so that one that was replaced or fetched in between is heard with.
 */
export async function openListener(
  directory: SpeechDirectory,
  { language, bill, signal }: { language: string; bill: Bill; signal: AbortSignal },
): Promise<Listener> {
  const [{ turns, createActivity }, hearing] = await Promise.all([
    directory.ears(signal),
    directory.transcription(language, signal),
  ]);
  const activity = await createActivity();
  void Promise.allSettled([turns.warm(signal), hearing.warm(signal)]);
  return {
    activity,
    transcribe: async ({ samples, signal: asked }): Promise<Transcript> => {
      const engine = await directory.transcription(language, asked);
      return engine.billed(bill).transcribe({ samples, language, signal: asked });
    },
    turnProbability: (samples, asked) => turns.probability(samples, asked),
  };
}
