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

/** How a model stands while nothing of it is being fetched. Bytes; `failure` of the last attempt counts only without it. */
export function statusAtRest({
  id,
  installed,
  totalBytes,
  receivedBytes,
  failure,
}: {
  id: string;
  installed: boolean;
  totalBytes: number;
  receivedBytes: number;
  failure: { code: string; message: string } | undefined;
}): ModelStatus {
  const error = installed || !failure ? null : { code: failure.code, message: failure.message };
  return {
    id,
    state: installed ? 'installed' : error ? 'failed' : 'absent',
    receivedBytes: installed ? totalBytes : Math.min(receivedBytes, totalBytes),
    totalBytes,
    bytesPerSecond: null,
    etaInSeconds: null,
    source: null,
    error,
  };
}
