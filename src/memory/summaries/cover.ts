import { coveredHash, type CoveredView } from '../covered-view.ts';
import type { SummaryRecord } from './summary-store.ts';

/** Places on a path, both inclusive. */
export interface Stretch {
  from: number;
  to: number;
}

/** A summary that holds, with the stretch of the path it covers. */
export interface HeldSummary extends Stretch {
  record: SummaryRecord;
}

interface Known {
  positions: ReadonlyMap<string, number>;
  /** By summary; null where it does not hold. */
  stretches: Map<string, Stretch | null>;
}

/**
 * Says which summaries hold on a path: all they cover lies there, one after the other, with the words they were written
 * from. What was found is remembered as long as somebody holds the path, for a path never changes.
 */
export class Covers {
  readonly #known = new WeakMap<readonly string[], Known>();

  /** Those of one conversation that hold in the view, in the order given. */
  held(view: CoveredView, conversationId: string, records: readonly SummaryRecord[]): HeldSummary[] {
    const path = view.path(conversationId);
    if (path.length === 0) return [];
    const known = this.#know(path);
    return records.flatMap((record) => {
      if (record.conversationId !== conversationId) return [];
      let stretch = known.stretches.get(record.id);
      if (stretch === undefined) {
        stretch = stretchOf(record, { view, path, positions: known.positions });
        known.stretches.set(record.id, stretch);
      }
      return stretch ? [{ record, ...stretch }] : [];
    });
  }

  /** Where a message stands on a path of the view; undefined where it does not. */
  place(view: CoveredView, conversationId: string, messageId: string): number | undefined {
    return this.#know(view.path(conversationId)).positions.get(messageId);
  }

  #know(path: readonly string[]): Known {
    const known = this.#known.get(path) ?? {
      positions: new Map(path.map((id, index) => [id, index])),
      stretches: new Map(),
    };
    this.#known.set(path, known);
    return known;
  }
}

function stretchOf(
  { fromId, toId, messageCount, coveredHash: expected }: SummaryRecord,
  { view, path, positions }: { view: CoveredView; path: readonly string[]; positions: ReadonlyMap<string, number> },
): Stretch | null {
  const from = positions.get(fromId);
  const to = positions.get(toId);
  if (from === undefined || to === undefined || to - from + 1 !== messageCount) return null;
  return coveredHash(view, path.slice(from, to + 1)) === expected ? { from, to } : null;
}
