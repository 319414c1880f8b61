import { documentAccount } from './document-account.ts';
import { readAttachment, readPassages } from '../../conversation/attachment-store.ts';
import type { JobHandler, JobRun } from '../../jobs/job-worker.ts';
import type { EmbeddingDirectory } from '../../models/routing/embedding-directory.ts';
import type { Storage } from '../../storage/storage.ts';
import { toInt8 } from '../vectors/quantize.ts';
import type { QuietEmbedder } from '../vectors/quiet-embedder.ts';
import { putPassageVectors, readEmbeddedPositions, removeOtherPassageVectors } from './passage-vector-store.ts';

/** The job's name; its key is a file's id. */
export const EMBED_PASSAGES_JOB = 'files-embed';

/** Passages that are embedded before they are written down: what giving way or a crash costs at most. */
const BATCH = 16;
const READ_AT_ONCE = 500;

export interface EmbedPassagesOptions {
  storage: Pick<Storage, 'db' | 'transaction'>;
  directory: EmbeddingDirectory;
  embedder: QuietEmbedder;
}

/**
 * Gives every passage of a file a vector of the chosen model, then removes those of other models. Begun again at any
 * point it does what is left; without a model it does nothing, and the next question asks for it again.
 */
export class EmbedPassages implements JobHandler {
  readonly name = EMBED_PASSAGES_JOB;
  readonly #options: EmbedPassagesOptions;

  constructor(options: EmbedPassagesOptions) {
    this.#options = options;
  }

  async run({ key: attachmentId }: JobRun, signal: AbortSignal): Promise<'done'> {
    const { storage, directory, embedder } = this.#options;
    const offered = await directory.current(signal);
    const file = await readAttachment(storage.db, attachmentId);
    if (!offered || !file) return 'done';
    const handle = offered.billed({ account: documentAccount({ userId: file.uploaderId, ...file }) });
    const model = handle.ref;
    const known = await readEmbeddedPositions(storage.db, { attachmentId, model });
    for (let from = 0; ; from += READ_AT_ONCE) {
      const page = await readPassages(storage.db, { attachmentId, from, limit: READ_AT_ONCE });
      const left = page.filter(({ position }) => !known.has(position));
      for (let start = 0; start < left.length; start += BATCH) {
        const batch = left.slice(start, start + BATCH);
        const made = await embedder.embed(handle, { texts: batch.map(({ text }) => text), signal });
        const vectors = batch.map(({ position }, index) => ({
          position,
          vector: toInt8(made[index] ?? new Float32Array(0)),
        }));
        await storage.transaction((trx) => putPassageVectors(trx, { attachmentId, model, vectors }));
      }
      if (page.length < READ_AT_ONCE) break;
    }
    await storage.transaction((trx) => removeOtherPassageVectors(trx, { attachmentId, model }));
    return 'done';
  }
}
