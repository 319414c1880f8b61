import type { ResponseEvent } from '../../../../contract/openai/response-events.ts';
import type { ResponseObject } from '../../../../contract/openai/response-object.ts';

/** A response that is being made. */
export interface Making {
  readonly response: ResponseObject;
  /** Why it failed; null while it did not. */
  readonly fault: Error | null;
  /** Its events are kept, to be read again. */
  readonly replayed: boolean;
  /** Keeps it for the first time. */
  keep(): Promise<void>;
  /**
   * To be read once. In the background it is kept before anybody is asked, and never throws; otherwise a fault before
   * the first event is thrown, and nothing is kept of it. Leaving early, or `signal`, stops it.
   */
  events(signal: AbortSignal): AsyncGenerator<ResponseEvent>;
}
