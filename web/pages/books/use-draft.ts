import { useBlocker } from '@tanstack/react-router';
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { BookDraft, DraftSnapshot } from './book-draft.ts';

export function useDraft(draft: BookDraft): DraftSnapshot {
  return useSyncExternalStore(draft.subscribe, draft.get);
}

/** Sends what waits when the page is left; where saving is the reader's own act, asks first. */
export function useDraftGuard(draft: BookDraft): void {
  const { t } = useTranslation('books');
  const { state } = useDraft(draft);
  const isSaved = state === 'saved';
  useBlocker({
    disabled: isSaved || draft.autosaves,
    // The browser's own question, as when the tab closes.
    shouldBlockFn: () => !confirm(t('save.leave')),
    enableBeforeUnload: false,
  });
  useEffect(() => {
    if (isSaved) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isSaved]);
  useEffect(
    () => () => {
      if (draft.autosaves) void draft.save();
    },
    [draft],
  );
}
