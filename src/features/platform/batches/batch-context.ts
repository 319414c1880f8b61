import type { z } from 'zod';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import type { NewId } from '../../../base/ids.ts';
import type { Logger } from '../../../base/logger.ts';
import type { JobQueue } from '../../../jobs/job-queue.ts';
import type { Credit } from '../../../metering/operation.ts';
import type { Storage, Trx } from '../../../storage/storage.ts';
import type { ApiFiles } from '../files/api-files.ts';

export const BATCH_JOB = 'api-batch';

/** Where a batch's requests go. */
export interface BatchDoor {
  schema: z.ZodType;
  /** `request`: as the schema made it. Throws as the door itself does. */
  answer(call: { actor: Actor; request: unknown; requestId: string; signal: AbortSignal }): Promise<object>;
}

export interface BatchContext {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  logger: Logger;
  queue: JobQueue;
  files: ApiFiles;
  ledger: { credit(credit: Credit): Promise<void> };
  /** By the path that a batch names, such as `/v1/chat/completions`. */
  doors: ReadonlyMap<string, BatchDoor>;
  /** Resolves when nobody waits for the models of this computer. */
  untilQuiet(model: string, actor: Actor, signal: AbortSignal): Promise<void>;
  /** Whether a key may still be used. */
  isKeyAlive(key: { userId: string; keyId: string }): Promise<boolean>;
  /** What a door answers where it throws. */
  describeError(error: unknown): { status: number; body: object };
  /** Tells whoever wants to know, in the transaction of what happened. */
  tell(trx: Trx, event: { ownerId: string; type: BatchEventType; data: object }): Promise<void>;
}

export type BatchEventType = `batch.${'completed' | 'failed' | 'cancelled' | 'expired'}`;
