import { createHash } from 'node:crypto';
import type { MessagePart } from '../../contract/messages.ts';
import { textOf } from '../conversation/tree-types.ts';

/** sha256 of a message's plain words, hex: what rests on a message holds only while they are the same. */
export function wordsHash(parts: readonly MessagePart[]): string {
  return hashOfText(textOf(parts));
}

export function hashOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
