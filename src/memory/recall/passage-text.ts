import type { RecallTurn } from './turn-index.ts';

/** What is embedded of a turn: who says it is part of what it means. */
export function passageText({ speaker, text }: Pick<RecallTurn, 'speaker' | 'text'>): string {
  return `${speaker}: ${text}`;
}
