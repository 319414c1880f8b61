import { useQueryClient } from '@tanstack/react-query';
import { useGuard } from '../../state/use-guard.ts';
import { MEMORY_KEY } from './memory-queries.ts';

/** Runs a change of memory; afterwards all that shows memory is read again. The value, or undefined when it failed. */
export function useMemoryChange(): <Value>(work: Promise<Value>) => Promise<Value | undefined> {
  const guard = useGuard();
  const queryClient = useQueryClient();
  return async (work) => {
    const value = await guard(work);
    if (value === undefined) return undefined;
    // Receipts and prompts show memories too, and show them no more once they are forgotten.
    for (const queryKey of [MEMORY_KEY, ['receipt'], ['prompt']]) await queryClient.invalidateQueries({ queryKey });
    return value;
  };
}
