import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TokenCounts } from './token-counts.ts';

const CountsContext = createContext<TokenCounts | null>(null);
/** Ms after the last letter. */
const PAUSE = 400;

/** What is counted below is remembered until the page is left. */
export function TokenCountsProvider({ children }: { children: ReactNode }) {
  const [counts] = useState(() => new TokenCounts());
  return <CountsContext value={counts}>{children}</CountsContext>;
}

/** How many tokens a text is; the last known number while it is counted anew. */
export function TokenCount({ text }: { text: string }) {
  const { t } = useTranslation('books');
  const counts = useContext(CountsContext);
  if (counts === null) throw new Error('A token count stands inside a TokenCountsProvider.');
  const tokens = useSyncExternalStore(counts.subscribe, () => counts.get(text));
  const [last, setLast] = useState(tokens);
  if (tokens !== undefined && tokens !== last) setLast(tokens);
  useEffect(() => {
    const timer = setTimeout(() => counts.want(text), PAUSE);
    return () => clearTimeout(timer);
  }, [counts, text]);
  const shown = tokens ?? last;
  if (shown === undefined) return null;
  return <>{t(shown.exact ? 'editor.tokens' : 'editor.tokensAbout', { count: shown.count })}</>;
}
