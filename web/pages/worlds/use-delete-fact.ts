import { useTranslation } from 'react-i18next';
import type { WorldFact } from '../../../contract/worlds.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useWorldChange } from './use-world-change.ts';

/**
 * Deletes a fact at once and offers to undo. What was found in talk is only rejected, so it is accepted again; what was
 * written is written again, and takes the place of those it stood for (`others` are the world's facts).
 */
export function useDeleteFact(worldId: string): (fact: WorldFact, others: readonly WorldFact[]) => Promise<void> {
  const { t } = useTranslation(['worlds', 'common']);
  const run = useWorldChange();
  return async (fact, others) => {
    const params = { id: worldId, factId: fact.id };
    const replaced = others.filter(({ replacedBy }) => replacedBy === fact.id).map(({ id }) => id);
    if (!(await run(api.call('deleteWorldFact', { params })))) return;
    const again = () => void run(bringBack(worldId, { fact, replaced }));
    showToast({ text: t('worlds:factDeleted'), action: { label: t('common:undo'), run: again } });
  };
}

async function bringBack(
  worldId: string,
  { fact, replaced }: { fact: WorldFact; replaced: readonly string[] },
): Promise<void> {
  const { statement, about, placeId, since, entry } = fact;
  const params = { id: worldId };
  const fields = { statement, about, placeId, since };
  const back =
    replaced.length > 1
      ? await api.call('mergeWorldFacts', { params, body: { ...fields, ids: [...replaced] } })
      : fact.origin === 'talk'
        ? await api.call('changeWorldFact', { params: { ...params, factId: fact.id }, body: { state: 'accepted' } })
        : await api.call('addWorldFact', { params, body: fields });
  if (entry === null) return;
  await api.call('changeWorldFact', { params: { ...params, factId: back.id }, body: { as: 'entry' } });
}
