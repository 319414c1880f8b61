import type { BatchStatus } from '../../../../contract/openai/files.ts';
import type { JobHandler, JobRun } from '../../../jobs/job-worker.ts';
import { presentBatch } from './present-batch.ts';
import { BATCH_JOB, type BatchContext, type BatchEventType } from './batch-context.ts';
import { lineId, requestIdOf } from './batch-line-names.ts';
import { answerLine, type LineOutcome } from './answer-line.ts';
import {
  beginBatchLine,
  deleteBatchLines,
  dropWaitingLines,
  endBatchLine,
  insertBatchLines,
  listBatchLines,
  listBilledCalls,
  readBatch,
  returnBatchLine,
  updateBatch,
  type BatchLineRow,
  type BatchRow,
} from './batch-store.ts';
import { readBatchLines } from './read-batch-lines.ts';

/** Lines of one batch before another has its turn. */
const LINES_A_TURN = 32;
const AT_ONCE = 4;
/** Before a line whose provider was away is tried again, milliseconds. */
const RETRY_PAUSE_IN_MS = 5000;
const LINES_AT_ONCE = 500;
/** What is told of a batch that has ended. */
const EVENTS: Readonly<Record<string, BatchEventType>> = {
  completed: 'batch.completed',
  failed: 'batch.failed',
  cancelled: 'batch.cancelled',
  expired: 'batch.expired',
};

/**
 * Answers batches. A line is *waiting* → *running* → *done* or *failed*. What a crash left running was perhaps billed and
 * its answer is lost: that money is given back, and it is done again, so no line is paid for twice.
 */
export class BatchJob implements JobHandler {
  readonly name = BATCH_JOB;
  readonly #context: BatchContext;

  constructor(context: BatchContext) {
    this.#context = context;
  }

  async run({ key: id }: JobRun, signal: AbortSignal): Promise<'done' | { again: number }> {
    const batch = await readBatch(this.#context.storage.db, { id });
    switch (batch?.status as BatchStatus | undefined) {
      case 'validating':
        if (batch) await this.#validate(batch);
        return { again: this.#context.clock.now() };
      case 'in_progress':
        return batch ? this.#takeTurn(batch, signal) : 'done';
      case 'finalizing':
        if (batch) await this.#finish(batch, { status: 'completed', at: 'completedAt' });
        return 'done';
      case 'cancelling':
        if (batch) await this.#endEarly(batch, { status: 'cancelled', at: 'cancelledAt' });
        return 'done';
      default:
        return 'done';
    }
  }

  async #validate({ id, ownerId, inputFileId, endpoint }: BatchRow): Promise<void> {
    const { storage, files, clock } = this.#context;
    // A crash may have left the first lines.
    await deleteBatchLines(storage.db, id);
    const { bytes } = await files.content({ userId: ownerId }, inputFileId);
    const { total, model, problems } = await readBatchLines(bytes, {
      endpoint,
      pieceSize: LINES_AT_ONCE,
      take: (lines) =>
        storage.transaction((trx) =>
          insertBatchLines(
            trx,
            lines.map(({ line, customId, body }) => ({
              batchId: id,
              line,
              customId,
              body: JSON.stringify(body),
              state: 'waiting',
              attempts: 0,
              result: null,
            })),
          ),
        ),
    });
    const now = clock.now();
    if (problems.length === 0) {
      const change = { status: 'in_progress', inProgressAt: now, total, model };
      await updateBatch(storage.db, { id, from: ['validating'], change });
      return;
    }
    await deleteBatchLines(storage.db, id);
    const errors = JSON.stringify(problems);
    await this.#end(id, { from: ['validating'], change: { status: 'failed', failedAt: now, errors } });
  }

  async #takeTurn(batch: BatchRow, signal: AbortSignal): Promise<'done' | { again: number }> {
    const { storage, clock } = this.#context;
    const { id } = batch;
    if (clock.now() >= batch.expiresAt) {
      await this.#endEarly(batch, { status: 'expired', at: 'expiredAt' });
      return 'done';
    }
    await this.#takeBack(batch);
    const lines = await listBatchLines(storage.db, { batchId: id, states: ['waiting'], limit: LINES_A_TURN });
    if (lines.length === 0) {
      const change = { status: 'finalizing', finalizingAt: clock.now() };
      await updateBatch(storage.db, { id, from: ['in_progress'], change });
      return { again: clock.now() };
    }
    let mustPause = false;
    const next = lines.values();
    const work = async (): Promise<void> => {
      for (const line of next) {
        if (signal.aborted || (await readBatch(storage.db, { id }))?.status !== 'in_progress') return;
        if ((await this.#answer(batch, line, signal)) === 'retry') mustPause = true;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    signal.throwIfAborted();
    return { again: clock.now() + (mustPause ? RETRY_PAUSE_IN_MS : 0) };
  }

  async #answer(batch: BatchRow, line: BatchLineRow, signal: AbortSignal): Promise<LineOutcome['state']> {
    const { storage } = this.#context;
    if (!(await beginBatchLine(storage.db, line))) return 'failed';
    const outcome = await answerLine(this.#context, { batch, line, signal });
    if (outcome.state === 'retry') await returnBatchLine(storage.db, line);
    else {
      const { state, result, tokens } = outcome;
      const ended = { batchId: batch.id, line: line.line, state, result, tokens };
      await storage.transaction((trx) => endBatchLine(trx, ended));
    }
    return outcome.state;
  }

  /** Lines that were begun by a house that is no more. */
  async #takeBack({ id, ownerId, createdAt }: BatchRow): Promise<void> {
    const { storage, ledger } = this.#context;
    const lost = await listBatchLines(storage.db, { batchId: id, states: ['running'], limit: LINES_AT_ONCE });
    for (const line of lost) {
      const calls = await listBilledCalls(storage.db, {
        ownerId,
        since: createdAt,
        requestId: requestIdOf(line),
      });
      for (const { id: callId, accountId, cost } of calls) {
        const note = 'The answer was lost when the house stopped.';
        const key = `batch-line:${callId}`;
        await ledger.credit({ accountId, amount: cost, kind: 'correction', key, actorId: null, note });
      }
      await returnBatchLine(storage.db, line);
    }
  }

  /** What was not begun is told of in the file of errors. */
  async #endEarly(batch: BatchRow, end: { status: 'expired' | 'cancelled'; at: 'expiredAt' | 'cancelledAt' }) {
    const { storage } = this.#context;
    await this.#takeBack(batch);
    const code = end.status === 'expired' ? 'batch_expired' : 'batch_cancelled';
    const message = `This request was not begun before the batch was ${end.status}.`;
    await storage.transaction((trx) =>
      dropWaitingLines(trx, {
        batchId: batch.id,
        resultOf: ({ customId, line }) =>
          JSON.stringify({ id: lineId(batch.id, line), custom_id: customId, response: null, error: { code, message } }),
      }),
    );
    await this.#finish(batch, end);
  }

  async #finish(
    batch: BatchRow,
    { status, at }: { status: BatchStatus; at: 'completedAt' | 'expiredAt' | 'cancelledAt' },
  ): Promise<void> {
    const { clock } = this.#context;
    const outputFileId = await this.#writeFile(batch, 'done');
    const errorFileId = await this.#writeFile(batch, 'failed');
    const change = { status, [at]: clock.now(), outputFileId, errorFileId };
    await this.#end(batch.id, { from: ['in_progress', 'finalizing', 'cancelling'], change });
  }

  async #writeFile({ id, ownerId, outputExpiresInMs }: BatchRow, state: 'done' | 'failed'): Promise<string | null> {
    const { storage, files } = this.#context;
    const [first] = await listBatchLines(storage.db, { batchId: id, states: [state], limit: 1 });
    if (!first) return null;
    const file = await files.keep(ownerId, {
      filename: `${id}_${state === 'done' ? 'output' : 'error'}.jsonl`,
      purpose: 'batch_output',
      content: this.#results(id, state),
      expiresInMs: outputExpiresInMs,
    });
    return file.id;
  }

  async *#results(batchId: string, state: string): AsyncGenerator<Uint8Array> {
    const { db } = this.#context.storage;
    for (let afterLine = 0; ;) {
      const lines = await listBatchLines(db, { batchId, states: [state], afterLine, limit: LINES_AT_ONCE });
      if (lines.length === 0) return;
      yield Buffer.from(lines.map(({ result }) => `${result ?? ''}\n`).join(''));
      afterLine = lines.at(-1)?.line ?? afterLine;
    }
  }

  async #end(id: string, { from, change }: { from: readonly BatchStatus[]; change: Partial<BatchRow> }): Promise<void> {
    const { storage, tell } = this.#context;
    await storage.transaction(async (trx) => {
      if (!(await updateBatch(trx, { id, from, change }))) return;
      await deleteBatchLines(trx, id);
      const row = await readBatch(trx, { id });
      const type = EVENTS[row?.status ?? ''];
      if (row && type) await tell(trx, { ownerId: row.ownerId, type, data: { id, ...countsOf(row) } });
    });
  }
}

function countsOf(row: BatchRow): object {
  return { request_counts: presentBatch(row).request_counts };
}
