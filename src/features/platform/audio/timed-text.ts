import { deflateSync } from 'node:zlib';
import type { TranscriptionSegment } from '../../../../contract/openai/audio.ts';
import type { HeardPiece } from '../../../models/speech/hearing/transcribe-long.ts';

/** SubRip: numbered, with a comma before milliseconds. */
export function toSrt(pieces: readonly HeardPiece[]): string {
  return pieces
    .map(
      ({ startInSeconds, endInSeconds, text }, index) =>
        `${index + 1}\n${clockTime(startInSeconds, ',')} --> ${clockTime(endInSeconds, ',')}\n${oneLine(text)}\n\n`,
    )
    .join('');
}

/** WebVTT (https://www.w3.org/TR/webvtt1/). */
export function toVtt(pieces: readonly HeardPiece[]): string {
  const cues = pieces.map(
    ({ startInSeconds, endInSeconds, text }) =>
      `${clockTime(startInSeconds, '.')} --> ${clockTime(endInSeconds, '.')}\n${escapeCue(oneLine(text))}\n\n`,
  );
  return `WEBVTT\n\n${cues.join('')}`;
}

export function toSegments(pieces: readonly HeardPiece[]): TranscriptionSegment[] {
  return pieces.map(({ startInSeconds, endInSeconds, text }, id) => ({
    id,
    seek: Math.round(startInSeconds * 100),
    start: round(startInSeconds),
    end: round(endInSeconds),
    text,
    tokens: [],
    temperature: 0,
    avg_logprob: 0,
    compression_ratio: compressionRatio(text),
    no_speech_prob: 0,
  }));
}

export function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** As Whisper reckons it: bytes of the text over bytes of it compressed. */
function compressionRatio(text: string): number {
  const bytes = Buffer.from(text);
  return round(bytes.length / deflateSync(bytes).length);
}

function clockTime(seconds: number, separator: string): string {
  const ms = Math.round(seconds * 1000);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const rest = String(ms % 1000).padStart(3, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}${separator}${rest}`;
}

/** An empty line would end a cue. */
function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/gu, ' ');
}

function escapeCue(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
