import { createHash } from 'node:crypto';
import type { PairView } from './pair-view.ts';
import type { RecallTurn } from './recall/turn-index.ts';

/** A view that knows the words of what counts: enough to say whether what was written about them still holds. */
export interface CoveredView extends PairView {
  /** By what a message's words are known here; undefined where it does not count. */
  hashOf(messageId: string): string | undefined;
  /** A known message on whichever branch. */
  turn(messageId: string): Readonly<RecallTurn> | undefined;
}

/** sha256 over ids and words of messages, hex; null when one of them does not count in the view. */
export function coveredHash(view: CoveredView, messageIds: readonly string[]): string | null {
  const digest = createHash('sha256');
  for (const id of messageIds) {
    const hash = view.hashOf(id);
    if (hash === undefined) return null;
    digest.update(`${id} ${hash}\n`);
  }
  return digest.digest('hex');
}
