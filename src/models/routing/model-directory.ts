import type { BillableModel } from '../spec/model-handle.ts';

/** One name for every model the house can talk with, wherever it runs. */
export interface ModelDirectory<Found = BillableModel> {
  /**
   * The model behind a reference; null asks for the house default. While the first model is still being fetched this
   * waits for it. Throws `UnavailableError` (`no-model`) when there is none, `NotFoundError` for an unknown reference.
   */
  resolve(ref: string | null, signal: AbortSignal): Promise<Found>;
}
