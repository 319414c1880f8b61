import { z } from 'zod';
import type { Answer } from '../answer.ts';
import { audioFormatSchema, measureAudio } from '../measure-audio.ts';

/** The bytes are of this format, this long (seconds) and, where samples can be read, this loud (RMS in dBFS). */
export const audioCheckSchema = z.strictObject({
  check: z.literal('audio'),
  format: audioFormatSchema,
  seconds: z.strictObject({ min: z.number().nonnegative(), max: z.number().positive() }),
  level: z.strictObject({ min: z.number().max(0), max: z.number().max(0) }).optional(),
});
export type AudioCheck = z.infer<typeof audioCheckSchema>;

/** More than this share of full-scale samples is heard as distortion. */
const MOST_CLIPPED = 0.01;

export function missesOfAudio(audio: Answer['audio'], { format, seconds, level }: AudioCheck): string[] {
  if (audio === null) return ['is no audio'];
  const measured = measureAudio(audio.bytes, format);
  if (measured === null) return [`is not ${format}`];
  const misses: string[] = [];
  if (measured.seconds < seconds.min) misses.push(`lasts ${measured.seconds.toFixed(1)} s, too short`);
  if (measured.seconds > seconds.max) misses.push(`lasts ${measured.seconds.toFixed(1)} s, too long`);
  if (level && measured.level !== null && (measured.level < level.min || measured.level > level.max)) {
    misses.push(`its level is ${measured.level.toFixed(0)} dBFS`);
  }
  if ((measured.clipped ?? 0) > MOST_CLIPPED) misses.push('is clipped');
  return misses;
}
