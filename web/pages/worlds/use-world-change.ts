import { useQueryClient } from '@tanstack/react-query';
import type { SaveWorld, World } from '../../../contract/worlds.ts';
import { api } from '../../state/api.ts';
import { useGuard } from '../../state/use-guard.ts';

/** Runs a call that changes a world and reads all of worlds anew; false when it failed, which is told. */
export function useWorldChange(): (work: Promise<unknown>) => Promise<boolean> {
  const guard = useGuard();
  const queryClient = useQueryClient();
  return async (work) => {
    const done = await guard(work.then(() => true as const));
    await queryClient.invalidateQueries({ queryKey: ['worlds'] });
    return done === true;
  };
}

/** Saves part of a world over the revision that is shown. */
export function useSaveWorld(world: World): (change: Partial<SaveWorld>) => Promise<boolean> {
  const run = useWorldChange();
  const { id, name, description, time, places, residents, revision: expectedRevision } = world;
  return (change) => {
    const body = { name, description, time, places, residents, ...change, expectedRevision };
    return run(api.call('saveWorld', { params: { id }, body }));
  };
}
