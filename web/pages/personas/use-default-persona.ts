import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../state/api.ts';
import { useGuard } from '../../state/use-guard.ts';
import { personasQuery } from './persona-queries.ts';

/** Chooses who one is where nothing else says so; null for nobody in particular. */
export function useDefaultPersona(): (personaId: string | null) => Promise<void> {
  const guard = useGuard();
  const queryClient = useQueryClient();
  return async (personaId) => {
    const changed = await guard(api.call('chooseDefaultPersona', { body: { personaId } }));
    if (changed !== undefined) queryClient.setQueryData(personasQuery.queryKey, changed.personas);
  };
}
