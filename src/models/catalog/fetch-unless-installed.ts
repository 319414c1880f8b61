import { acquireDownloadLock } from './download-lock.ts';
import { fetchWeights, sourceLabel, type FetchProgress, type FetchTools } from './fetch-weights.ts';
import { folderBytes } from './folder-bytes.ts';
import type { FetchableWeights } from './stored-weights.ts';
import { fileSize, isInstalled } from './weights-folder.ts';

/**
 * Fetches weights that are not here yet, one process at a time: the others wait and find them installed. Throws like
 * `fetchWeights`.
 */
export async function fetchUnlessInstalled({
  weights,
  tools,
  signal,
  onProgress,
}: {
  weights: FetchableWeights;
  tools: FetchTools;
  signal: AbortSignal;
  onProgress: (progress: FetchProgress) => void;
}): Promise<void> {
  const { folder } = tools;
  const { sha256, sizeBytes } = weights;
  const [first] = weights.sources;
  const source = first ? sourceLabel(first) : '';
  const tellOthersProgress = async () => {
    const received = Math.max((await fileSize(folder.part(sha256))) ?? 0, await folderBytes(folder.packages(sha256)));
    onProgress({ state: 'downloading', receivedBytes: Math.min(received, sizeBytes), source });
  };
  using _lock = await acquireDownloadLock({ path: folder.lock(sha256), signal, onWait: tellOthersProgress });
  if (await isInstalled(folder, weights)) return;
  await fetchWeights({ weights, tools, signal, onProgress });
}
