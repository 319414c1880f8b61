import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { TranslationStore, type ShownTranslation } from './translation-store.ts';

const TranslationsContext = createContext<TranslationStore | null>(null);

/** Gives the rows inside their translations. */
export function TranslationsOf({ conversationId, children }: { conversationId: string; children: ReactNode }) {
  const [store, setStore] = useState<TranslationStore | null>(null);
  useEffect(() => {
    const opened = new TranslationStore();
    setStore(opened);
    // What was translated before is a courtesy; the page works without it.
    opened.load(conversationId).catch(() => undefined);
    return () => {
      setStore(null);
      opened[Symbol.dispose]();
    };
  }, [conversationId]);
  return <TranslationsContext value={store}>{children}</TranslationsContext>;
}

export function useTranslationStore(): TranslationStore | null {
  return useContext(TranslationsContext);
}

export function useShownTranslation(messageId: string): ShownTranslation | undefined {
  const store = useTranslationStore();
  return useSyncExternalStore(store?.subscribe ?? neverChanges, () => store?.get(messageId));
}

function neverChanges(): () => void {
  return () => undefined;
}
