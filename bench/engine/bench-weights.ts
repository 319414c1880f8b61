import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory, ensureWeights } from '../../scripts/test-run/ensure-weights.ts';

export interface BenchWeights {
  name: string;
  path: string;
  sha256: string;
}

const qwenSha256 = '1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32';
const smolSha256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53';

/** 600 MB over a slow line. */
const FETCH_LIMIT_IN_MS = 20 * 60_000;

/** The fallback chat model, and a small file whose tokenizer the random hybrid borrows; both from the user's cache. */
export async function benchWeights(): Promise<{ chat: BenchWeights; tokenizer: string }> {
  await ensureWeights({ signal: AbortSignal.timeout(FETCH_LIMIT_IN_MS), onProgress: (line) => console.error(line) });
  const folder = join(cacheDirectory(), 'weights');
  const find = (sha256: string): string => {
    const path = join(folder, `${sha256}.gguf`);
    if (!existsSync(path)) throw new Error(`The weights ${sha256}.gguf are not in ${folder}; pull the models first.`);
    return path;
  };
  return { chat: { name: 'Qwen 0.5B', path: find(qwenSha256), sha256: qwenSha256 }, tokenizer: find(smolSha256) };
}
