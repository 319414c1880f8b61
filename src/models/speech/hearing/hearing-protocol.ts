import type { LocatedFiles } from '../../catalog/file-set.ts';
import type { SpeechEntry } from '../../catalog/speech-catalog.ts';

/** What the child loads to listen. Paths are absolute. */
export interface EarsToLoad extends Pick<SpeechEntry, 'engine' | 'languages' | 'settings'> {
  files: LocatedFiles;
}

export interface HearingStart {
  ears: EarsToLoad;
  /** Path of the turn detector; null = none. */
  turnModel: string | null;
}

export interface HearingInfo {
  /** Milliseconds the models took to load. */
  loadInMs: number;
}

export interface TranscribeParams {
  /** Mono 16 kHz: half the bytes of floats, and what microphones give. */
  samples: Int16Array;
  language: string | null;
  priority: 'live' | 'background';
}

/** A part of the audio that was heard by itself. */
export interface HeardPiece {
  text: string;
  startInSeconds: number;
  endInSeconds: number;
}

export interface TranscribeResult {
  text: string;
  language: string | null;
  pieces: HeardPiece[];
}

/** Methods of the hearing child. A type, not an interface: it must satisfy an index signature. */
export type HearingMethods = {
  transcribe: { params: TranscribeParams; event: never; result: TranscribeResult };
  turn: { params: { samples: Int16Array }; event: never; result: { probability: number } };
};
