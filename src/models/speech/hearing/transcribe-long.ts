import {
  HEARING_SAMPLE_RATE,
  type ActivityDetector,
  type Transcript,
  type TranscriptionHandle,
} from '../../spec/speech-handle.ts';
import { joinTranscripts } from './join-transcripts.ts';
import { findSpeech } from './speech-regions.ts';

export interface LongTranscriptionRequest {
  handle: TranscriptionHandle;
  /** A detector of its own. */
  activity: ActivityDetector;
  /** Mono, 16 kHz, in [-1, 1]. */
  samples: Float32Array;
  /** ISO 639-1, or null to let the engine find out where it can. */
  language: string | null;
  signal: AbortSignal;
  /** Seconds of the recording that are done, and how many there are; the text so far. */
  onProgress?: (progress: { doneInSeconds: number; totalInSeconds: number; text: string }) => void;
}

/** Engines with a window hear at most 30 s; a little less leaves room for margins. */
const LONGEST_PIECE_IN_SECONDS = 25;

/**
 * A recording of any length, for voice messages and dictation: only where somebody speaks, cut in the pauses, giving way to
 * calls. Silence and noise give an empty text.
 */
export async function transcribeLong(request: LongTranscriptionRequest): Promise<Transcript> {
  const { handle, activity, samples, signal, onProgress } = request;
  const regions = await findSpeech(samples, { activity, longest: LONGEST_PIECE_IN_SECONDS, signal });
  const texts: string[] = [];
  let language: string | null = null;
  for (const { start, end } of regions) {
    const heard = await handle.transcribe({
      samples: samples.subarray(start, end),
      language: request.language,
      priority: 'background',
      signal,
    });
    texts.push(heard.text);
    if (heard.text !== '') language ??= heard.language;
    onProgress?.({
      doneInSeconds: end / HEARING_SAMPLE_RATE,
      totalInSeconds: samples.length / HEARING_SAMPLE_RATE,
      text: joinTranscripts(texts),
    });
  }
  return { text: joinTranscripts(texts), language: language ?? request.language };
}
