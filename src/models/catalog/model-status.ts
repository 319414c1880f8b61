import type { z } from 'zod';
import type { downloadStateSchema } from '../../../contract/models.ts';

/**
 * absent: no weights here (a part may be) · queued: waits for another download · downloading · verifying: its hash is
 * computed · installed: the weights are in their place · failed: the last attempt ended with `error`, or a check found
 * the file damaged; a new start leaves this state.
 */
export type DownloadState = z.infer<typeof downloadStateSchema>;

export interface ModelStatus {
  id: string;
  state: DownloadState;
  receivedBytes: number;
  totalBytes: number;
  bytesPerSecond: number | null;
  etaInSeconds: number | null;
  /** The source in use or last tried: a host name, or `Python packages`. */
  source: string | null;
  error: { code: string; message: string } | null;
}
