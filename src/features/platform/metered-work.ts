import type { Usage, UsageSource } from '../../../contract/metering.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, isAbort } from '../../base/errors.ts';
import type { MeteredCall } from '../../metering/meter.ts';

export interface WorkUsed {
  ref: string;
  usage: Usage;
  usageSource: UsageSource;
}

export interface MeteredStream<T> {
  parts: AsyncIterable<T>;
  metered: MeteredCall;
  clock: Clock;
  /** What was used up to now; nothing was delivered while it is null. */
  used: () => WorkUsed | null;
}

/**
 * Hands on what is made, and bills it when it has ended: whole, what was delivered when the reader left or it broke off,
 * nothing where nothing was delivered.
 */
export async function* meterStream<T>({ parts, metered, clock, used }: MeteredStream<T>): AsyncGenerator<T> {
  const startedAt = clock.monotonic();
  let firstTokenInMs: number | null = null;
  let isDone = false;
  let fault: unknown = null;
  try {
    for await (const part of parts) {
      firstTokenInMs ??= clock.monotonic() - startedAt;
      const now = used();
      if (now) await metered.progress(now.usage);
      yield part;
      if (metered.signal.aborted) throw metered.signal.reason;
    }
    isDone = true;
  } catch (error) {
    fault = error;
    throw error;
  } finally {
    const times = { firstTokenInMs, durationInMs: clock.monotonic() - startedAt };
    const end = endOf({ isDone, fault });
    const now = used();
    if (now) await metered.settle({ ...now, ...end, ...times });
    else await metered.void({ ...end, durationInMs: times.durationInMs });
  }
}

/** Work with one result: billed when it is there, free where it failed. */
export async function meterWork<T>({
  metered,
  clock,
  work,
}: {
  metered: MeteredCall;
  clock: Clock;
  work: () => Promise<{ result: T; used: WorkUsed }>;
}): Promise<T> {
  const startedAt = clock.monotonic();
  try {
    const { result, used } = await work();
    await metered.settle({ ...used, outcome: 'done', durationInMs: clock.monotonic() - startedAt });
    return result;
  } catch (error) {
    await metered.void(endOfFault(error, clock.monotonic() - startedAt));
    throw error;
  }
}

/** Nothing came of it. */
export function endOfFault(error: unknown, durationInMs: number) {
  return { ...endOf({ isDone: false, fault: error }), durationInMs };
}

function endOf({ isDone, fault }: { isDone: boolean; fault: unknown }) {
  const errorCode = fault instanceof AppError ? fault.code : null;
  // A reader who leaves ends the stream without a fault.
  const outcome = isDone ? 'done' : fault === null || isAbort(fault) ? 'stopped' : 'failed';
  return { outcome, errorCode } as const;
}
