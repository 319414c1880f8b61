import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SearchHit, SearchPage } from '../../../contract/search.ts';
import { api } from '../../state/api.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import type { FindState } from './use-find-bar.ts';
import { useCountText } from './use-count-text.ts';

/** Hits that can be walked through; more need better words. */
const HITS = 100;

export interface Find {
  typed: string;
  setTyped: (typed: string) => void;
  hits: readonly SearchHit[];
  /** The hit that the reader went to. */
  chosen: string | null;
  choose: (hit: SearchHit | undefined) => void;
  /** To the next older hit, or back; round and round. */
  step: (by: 1 | -1) => void;
  /** What is said of it. */
  status: string;
}

/** The words looked for in one conversation, what was found, newest first, and the reader's place in it. */
export function useFind(conversationId: string, find: FindState): Find {
  const [typed, setTyped] = useState(find.words);
  const [chosen, setChosen] = useState<string | null>(null);
  const words = useDeferredValue(typed.trim());
  const query = useQuery({
    queryKey: ['search', 'conversation', conversationId, words],
    queryFn: ({ signal }) =>
      api.call('searchConversation', { params: { id: conversationId }, query: { q: words, limit: HITS }, signal }),
    enabled: words !== '',
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
  const hits = words === '' ? [] : (query.data?.hits ?? []);
  const at = hits.findIndex(({ messageId }) => messageId === chosen);
  const status = useFindStatus({ words, at, page: query.data, error: query.error, waiting: query.isFetching });

  function choose(hit: SearchHit | undefined): void {
    if (hit === undefined) return;
    setChosen(hit.messageId);
    find.setWords(typed);
    find.goTo(hit.messageId);
  }
  function step(by: 1 | -1): void {
    const next = at < 0 ? (by > 0 ? 0 : hits.length - 1) : (at + by + hits.length) % hits.length;
    choose(hits[next]);
  }
  return { typed, setTyped, hits, chosen, choose, step, status };
}

interface StatusOptions {
  words: string;
  /** The place of the chosen hit among those found, from 0; -1 = none is chosen. */
  at: number;
  page: SearchPage | undefined;
  error: unknown;
  waiting: boolean;
}

function useFindStatus({ words, at, page, error, waiting }: StatusOptions): string {
  const { t } = useTranslation('search');
  const errorText = useErrorText();
  const countText = useCountText();
  if (error !== null) return errorText(error);
  if (words === '' || page === undefined) return '';
  if (page.hits.length === 0) return waiting ? '' : t('none');
  return at < 0 ? countText(page) : t('place', { at: at + 1, total: page.total ?? page.hits.length });
}
