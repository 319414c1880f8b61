import {
  HEARING_SAMPLE_RATE,
  type ActivityDetector,
  type BilledTranscription,
  type Transcript,
} from '../../spec/speech-handle.ts';
import { floatToPcm16 } from '../../../base/audio/pcm16.ts';
import type { HeardTokens } from '../../spec/heard-tokens.ts';
import { cutPieces } from './cut-pieces.ts';
import { joinTranscripts } from './join-transcripts.ts';
import { findSpeech, type SpeechRegion } from './speech-regions.ts';

export interface LongTranscriptionRequest {
  handle: BilledTranscription;
  /** A detector of its own; null where there is none: then all of it is heard, in pieces cut where it is quietest. */
  activity: ActivityDetector | null;
  /** Mono, 16 kHz, in [-1, 1]. */
  samples: Float32Array;
  /** ISO 639-1, or null to let the engine find out where it can. */
  language: string | null;
  signal: AbortSignal;
  /** Seconds of the recording that are done, and how many there are; the text so far. */
  onProgress?: (progress: { doneInSeconds: number; totalInSeconds: number; text: string; piece: HeardPiece }) => void;
}

/** What was said in a part of a recording. Seconds from its beginning. */
export interface HeardPiece {
  startInSeconds: number;
  endInSeconds: number;
  text: string;
}

/** Engines with a window hear at most 30 s; a little less leaves room for margins. */
const LONGEST_PIECE_IN_SECONDS = 25;
const SHORTEST_CUT_IN_SECONDS = 20;

/**
 * A recording of any length, for voice messages and dictation: only where somebody speaks, cut in the pauses, giving way to
 * calls. Silence and noise give an empty text.
 */
export async function transcribeLong(
  request: LongTranscriptionRequest,
): Promise<Transcript & { pieces: HeardPiece[] }> {
  const { handle, activity, samples, signal, onProgress } = request;
  const regions = activity
    ? await findSpeech(samples, { activity, longest: LONGEST_PIECE_IN_SECONDS, signal })
    : evenRegions(samples);
  const texts: string[] = [];
  const pieces: HeardPiece[] = [];
  let language: string | null = null;
  const counted: HeardTokens[] = [];
  for (const { start, end } of regions) {
    const heard = await handle.transcribe({
      samples: samples.subarray(start, end),
      language: request.language,
      priority: 'background',
      signal,
    });
    texts.push(heard.text);
    if (heard.tokens) counted.push(heard.tokens);
    if (heard.text !== '') language ??= heard.language;
    const piece = {
      startInSeconds: start / HEARING_SAMPLE_RATE,
      endInSeconds: end / HEARING_SAMPLE_RATE,
      text: heard.text,
    };
    if (heard.text !== '') pieces.push(piece);
    onProgress?.({
      doneInSeconds: piece.endInSeconds,
      totalInSeconds: samples.length / HEARING_SAMPLE_RATE,
      text: joinTranscripts(texts),
      piece,
    });
  }
  // Counts of some parts alone would be too small.
  const tokens = counted.length === regions.length ? sumOf(counted) : null;
  return {
    text: joinTranscripts(texts),
    language: language ?? request.language,
    pieces,
    ...(tokens === null ? {} : { tokens }),
  };
}

function sumOf(counted: readonly HeardTokens[]): HeardTokens | null {
  if (counted.length === 0) return null;
  const sum = (key: keyof HeardTokens) => counted.reduce((total, one) => total + one[key], 0);
  return { input: sum('input'), inputText: sum('inputText'), inputAudio: sum('inputAudio'), output: sum('output') };
}

function evenRegions(samples: Float32Array): SpeechRegion[] {
  let start = 0;
  return cutPieces(floatToPcm16(samples), { from: SHORTEST_CUT_IN_SECONDS, to: LONGEST_PIECE_IN_SECONDS }).map(
    ({ length }) => {
      const region = { start, end: start + length };
      start = region.end;
      return region;
    },
  );
}
