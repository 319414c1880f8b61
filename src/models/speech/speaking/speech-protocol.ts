import type { LocatedFiles } from '../../catalog/file-set.ts';
import type { SpeechEngine, SpeechEntry } from '../../catalog/speech-catalog.ts';
import type { PcmChunk } from '../../spec/speech-handle.ts';

/** What a speaking child is started with. */
export interface SpeakingStart {
  engine: SpeechEngine;
  /** Absolute paths. */
  files: LocatedFiles;
  settings: SpeechEntry['settings'];
  voices: SpeechEntry['voices'];
  threads: number;
  /** A private folder that exists; the child empties it once it is ready. */
  workFolder: string;
}

/** One piece of text for an engine. */
export interface SpeakRequest {
  text: string;
  language: string;
  voice: string;
  /** 1 = the voice's own. */
  speed: number;
  /** Semitones. */
  pitch: number;
  /** Decibels. */
  gain: number;
}

export interface SpeakingInfo {
  sampleRate: number;
}

/** Methods of the speaking child. A type, not an interface: it must satisfy an index signature. */
export type SpeakingMethods = {
  speak: { params: SpeakRequest; event: never; result: PcmChunk };
};

/** An engine as the child sees it. One request at a time. */
export interface SpeakingEngine {
  sampleRate: number;
  /** Raw mono samples, silence included. Throws `InvalidInputError` for what it cannot say. */
  speak(request: Pick<SpeakRequest, 'text' | 'language' | 'voice' | 'speed'>): Promise<Float32Array>;
}
