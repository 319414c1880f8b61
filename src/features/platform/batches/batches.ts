import type { CreateBatch, OpenAiBatch } from '../../../../contract/openai/files.ts';
import type { ListPage } from '../../../../contract/openai/list-page.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../../base/errors.ts';
import type { Row } from '../../../storage/schema.ts';
import { BATCH_JOB, type BatchContext } from './batch-context.ts';
import { deleteBatchesOf, insertBatch, listBatches, readBatch, updateBatch } from './batch-store.ts';
import { presentBatch } from './present-batch.ts';

const DAY_IN_MS = 24 * 60 * 60 * 1000;
/** Behind everything that somebody waits for. */
const PRIORITY = 500;

/**
 * `/v1/batches`: many requests answered when there is time. *validating* → *failed*, or *in_progress* → *finalizing* →
 * *completed*; *cancelling* → *cancelled* where its owner says so, *expired* after a day.
 */
export class Batches {
  readonly #context: BatchContext;

  constructor(context: BatchContext) {
    this.#context = context;
  }

  async create(actor: Actor, request: CreateBatch): Promise<OpenAiBatch> {
    const { storage, files, doors, queue, clock } = this.#context;
    if (!doors.has(request.endpoint)) {
      const known = Array.from(doors.keys()).join(', ');
      throw new InvalidInputError(`A batch goes to one of ${known}.`, { code: 'invalid-endpoint', field: 'endpoint' });
    }
    const input = await files.read(actor, request.input_file_id);
    if (input.purpose !== 'batch') {
      throw new InvalidInputError(`This file is for “${input.purpose}”. Upload it with the purpose “batch”.`, {
        code: 'invalid-purpose',
        field: 'input_file_id',
      });
    }
    const row = this.#newRow(actor, request, clock.now());
    await storage.transaction(async (trx) => {
      await insertBatch(trx, row);
      await queue.add(trx, { name: BATCH_JOB, key: row.id, payload: {}, priority: PRIORITY });
    });
    return presentBatch(row);
  }

  async list(
    { userId: ownerId }: Actor,
    { limit, after }: { limit: number; after?: string | undefined },
  ): Promise<ListPage<OpenAiBatch>> {
    const { db } = this.#context.storage;
    const from = after === undefined ? undefined : await this.#require(ownerId, after);
    const rows = await listBatches(db, { ownerId, after: from, limit });
    const data = rows.slice(0, limit).map(presentBatch);
    return {
      object: 'list',
      data,
      first_id: data[0]?.id ?? '',
      last_id: data.at(-1)?.id ?? '',
      has_more: rows.length > limit,
    };
  }

  async read({ userId }: Actor, id: string): Promise<OpenAiBatch> {
    return presentBatch(await this.#require(userId, id));
  }

  /** What was begun is answered; the rest is not begun. */
  async cancel({ userId }: Actor, id: string): Promise<OpenAiBatch> {
    const { storage, clock, queue } = this.#context;
    await this.#require(userId, id);
    await storage.transaction(async (trx) => {
      const change = { status: 'cancelling', cancellingAt: clock.now() };
      if (!(await updateBatch(trx, { id, from: ['validating', 'in_progress'], change }))) return;
      await queue.add(trx, { name: BATCH_JOB, key: id, payload: {}, priority: PRIORITY });
    });
    const row = await this.#require(userId, id);
    if (row.status === 'cancelling' || row.status === 'cancelled') return presentBatch(row);
    throw new ConflictError(`This batch is ${row.status}: there is nothing to cancel.`, { code: 'batch-ended' });
  }

  async purgeAllOf(ownerId: string): Promise<void> {
    await deleteBatchesOf(this.#context.storage.db, ownerId);
  }

  async #require(ownerId: string, id: string): Promise<Row<'apiBatch'>> {
    const row = await readBatch(this.#context.storage.db, { id, ownerId });
    if (row) return row;
    throw new NotFoundError(`There is no batch “${id.slice(0, 200)}”.`, { code: 'batch-unknown', field: 'batch_id' });
  }

  #newRow({ userId, key }: Actor, request: CreateBatch, now: number): Row<'apiBatch'> {
    const { metadata, output_expires_after: expires } = request;
    return {
      id: `batch_${this.#context.newId()}`,
      ownerId: userId,
      keyId: key?.id ?? null,
      teamId: key?.teamId ?? null,
      models: key?.models ? JSON.stringify(key.models) : null,
      model: null,
      endpoint: request.endpoint,
      inputFileId: request.input_file_id,
      outputFileId: null,
      errorFileId: null,
      completionWindow: request.completion_window,
      status: 'validating',
      errors: null,
      metadata: metadata ? JSON.stringify(metadata) : null,
      total: 0,
      completed: 0,
      failed: 0,
      inputTokens: 0,
      cachedTokens: 0,
      outputTokens: 0,
      reasoningTokens: 0,
      outputExpiresInMs: expires ? expires.seconds * 1000 : null,
      createdAt: now,
      expiresAt: now + DAY_IN_MS,
      inProgressAt: null,
      finalizingAt: null,
      completedAt: null,
      failedAt: null,
      expiredAt: null,
      cancellingAt: null,
      cancelledAt: null,
    };
  }
}
