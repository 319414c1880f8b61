import type { BillableModel } from '../../../models/spec/model-handle.ts';
import type { PlatformModels } from '../platform-models.ts';
import type { Plan } from './plan.ts';

/** The first model of a plan that is there: it is expected to answer. */
export async function openExpected(
  models: PlatformModels,
  { refs }: Plan,
  signal: AbortSignal,
): Promise<BillableModel> {
  let fault: unknown;
  for (const ref of refs) {
    try {
      return await models.open(ref, signal);
    } catch (error) {
      signal.throwIfAborted();
      fault = error;
    }
  }
  throw fault;
}
