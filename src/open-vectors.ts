import type { Logger } from './base/logger.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import { EmbedPassages } from './memory/files/embed-passages.ts';
import { PassageMeaning } from './memory/files/passage-meaning.ts';
import type { HousePairMemories } from './memory/pair-memories.ts';
import type { Pair } from './memory/pair-view.ts';
import type { Foreground, QuietTime } from './memory/quiet-time.ts';
import type { ForbiddenWords } from './memory/recall-service.ts';
import { EmbedJob } from './memory/vectors/embed-job.ts';
import { EmbedProgress } from './memory/vectors/embed-progress.ts';
import { EmbedSchedule } from './memory/vectors/embed-schedule.ts';
import { MeaningRecall } from './memory/vectors/meaning-recall.ts';
import { MissingVectors } from './memory/vectors/missing-vectors.ts';
import { PgvectorSearch } from './memory/vectors/pgvector-search.ts';
import { PgvectorStore } from './memory/vectors/pgvector-store.ts';
import { QueryTraffic } from './memory/vectors/query-traffic.ts';
import { QueryVectors } from './memory/vectors/query-vectors.ts';
import { QuietEmbedder } from './memory/vectors/quiet-embedder.ts';
import { ServingModel } from './memory/vectors/serving-model.ts';
import { SignatureSearch } from './memory/vectors/signature-search.ts';
import { VectorStore } from './memory/vectors/vector-store.ts';
import type { EmbeddingDirectory } from './models/routing/embedding-directory.ts';
import type { Storage } from './storage/storage.ts';

export interface OpenVectorsOptions {
  storage: Storage;
  logger: Logger;
  memories: HousePairMemories;
  rules: (pair: Pair) => Promise<ForbiddenWords>;
  directory: EmbeddingDirectory;
  queue: JobQueue;
  quiet: QuietTime;
  replies: Foreground;
}

/** Recall by meaning: vectors of what was said and of files, how they are made and how they are searched. */
export function openVectors({
  storage,
  logger,
  memories,
  rules,
  directory,
  queue,
  quiet,
  replies,
}: OpenVectorsOptions) {
  const store = new VectorStore(storage);
  const pgvector =
    storage.vectors.kind === 'pgvector' ? new PgvectorStore({ ...storage, schema: storage.vectors.schema }) : null;
  if (storage.vectors.kind === 'none')
    logger.info('vectors are compared in this process: the database has no functions for them');
  const serving = new ServingModel({ directory, store });
  const missing = new MissingVectors(store);
  const traffic = new QueryTraffic();
  const queries = new QueryVectors({ traffic });
  const embedder = new QuietEmbedder({ quiet, traffic, logger });
  const search = pgvector ? new PgvectorSearch(pgvector) : new SignatureSearch(store);
  return {
    store,
    recall: new MeaningRecall({ serving, search, queries, logger }),
    progress: new EmbedProgress({ directory, memories, missing, rules }),
    job: new EmbedJob({
      storage,
      store,
      pgvector,
      memories,
      missing,
      serving,
      directory,
      embedder,
      rules,
    }),
    passages: new PassageMeaning({ storage, directory, queries, queue, logger }),
    passageJob: new EmbedPassages({ storage, directory, embedder }),
    schedule: new EmbedSchedule({ storage, queue, directory, replies, logger }),
  };
}
