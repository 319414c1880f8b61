import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';

/** Of an answer in sound, beside its words: it begins, its bytes in the format that was asked for, it is whole. */
export type SoundPart =
  | { type: 'sound-start'; id: string }
  | { type: 'sound-delta'; bytes: Uint8Array }
  /** Until when a later request may name it, seconds since the epoch. */
  | { type: 'sound-end'; expiresAt: number };

/** Part of one answer as a completion tells it. */
export type AnswerPart = LanguageModelV4StreamPart | SoundPart;
