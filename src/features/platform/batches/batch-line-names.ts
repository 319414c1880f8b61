import type { BatchLineRow } from './batch-store.ts';

/** Under which its calls to models are found. */
export function requestIdOf({ batchId, line }: Pick<BatchLineRow, 'batchId' | 'line'>): string {
  return `${batchId}.${line}`;
}

/** As its answer says it. */
export function lineId(batchId: string, line: number): string {
  return `batch_req_${batchId.slice('batch_'.length)}_${line}`;
}
