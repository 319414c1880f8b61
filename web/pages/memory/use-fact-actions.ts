import { useTranslation } from 'react-i18next';
import type { MemoryFact } from '../../../contract/memory.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useMemoryChange } from './use-memory-change.ts';

export interface FactActions {
  pin: (fact: MemoryFact) => Promise<void>;
  /** Counts on every branch, or only where it was said. */
  promote: (fact: MemoryFact) => Promise<void>;
  /** True when saved. */
  correct: (fact: Pick<MemoryFact, 'id' | 'text'>, text: string) => Promise<boolean>;
}

/** What can be done with a fact and undone again. */
export function useFactActions(): FactActions {
  const { t } = useTranslation(['memory', 'common']);
  const change = useMemoryChange();

  function tell(text: string, undo: () => Promise<unknown>): void {
    showToast({ text, action: { label: t('common:undo'), run: () => void change(undo()) } });
  }

  return {
    async pin({ id, state }) {
      const set = (pinned: boolean) => api.call('changeMemoryFact', { params: { id }, body: { pinned } });
      const pinned = state !== 'pinned';
      if ((await change(set(pinned))) === undefined) return;
      tell(pinned ? t('memory:fact.pinnedToast') : t('memory:fact.unpinnedToast'), () => set(!pinned));
    },
    async promote({ id, everywhere }) {
      const set = (value: boolean) => api.call('changeMemoryFact', { params: { id }, body: { everywhere: value } });
      if ((await change(set(!everywhere))) === undefined) return;
      tell(everywhere ? t('memory:fact.branchToast') : t('memory:fact.everywhereToast'), () => set(everywhere));
    },
    async correct({ id, text: before }, text) {
      const saved = await change(api.call('changeMemoryFact', { params: { id }, body: { text } }));
      if (saved === undefined) return false;
      tell(t('memory:fact.correctedToast'), () =>
        api.call('changeMemoryFact', { params: { id: saved.id }, body: { text: before } }),
      );
      return true;
    },
  };
}
