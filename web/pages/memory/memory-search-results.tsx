import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MemoryUse } from '../../../contract/memory.ts';
import { formatDateTime } from '../../state/format.ts';
import { FactItem } from './fact-item.tsx';
import facts from './facts.module.css';
import { MarkedText } from './marked-text.tsx';
import classes from './memory-page.module.css';
import { memoryOverviewQuery, memorySearchQuery } from './memory-queries.ts';
import { MemoryEmpty, MemoryProblem, MemoryWaiting } from './memory-states.tsx';
import { SourcePreview } from './source-preview.tsx';
import { WordsOnly } from './words-only.tsx';

/** What was found in all that was said, and the facts that fit, the places marked. */
export function MemorySearchResults({ characterId, words }: { characterId: string; words: string }) {
  const { t } = useTranslation('memory');
  const asked = useDeferredValue(words);
  const { data: overview } = useQuery(memoryOverviewQuery(characterId));
  const query = useQuery({ ...memorySearchQuery(characterId, asked), placeholderData: keepPreviousData });
  if (query.isError) return <MemoryProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <MemoryWaiting />;
  const isWordsOnly = overview !== undefined && overview.embedding === null;
  const { found, facts: known } = query.data;
  const count = found.length + known.length;
  return (
    <div className={classes['listView']} aria-busy={query.isPlaceholderData}>
      <p className="visually-hidden" role="status">
        {t('search.count', { count })}
      </p>
      {count === 0 && <MemoryEmpty title={t('search.nothing', { words })} body={t('search.nothingHow')} />}
      {known.length > 0 && (
        <section className={classes['card']}>
          <h2>{t('search.facts')}</h2>
          <ul className={facts['facts']}>
            {known.map((fact) => (
              <li key={fact.id}>
                <FactItem fact={fact} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {found.length > 0 && (
        <section className={classes['card']}>
          <h2>{t('search.said')}</h2>
          <ul className={facts['facts']}>
            {found.map((use) => (
              <li key={use.id}>
                <FoundPassage use={use} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {isWordsOnly && (
        <p className={classes['hint']}>
          <WordsOnly />
        </p>
      )}
    </div>
  );
}

function FoundPassage({ use }: { use: MemoryUse }) {
  const { t } = useTranslation('memory');
  const [shown, setShown] = useState(false);
  return (
    <article className={facts['fact']} aria-label={use.text}>
      <p className={facts['text']}>
        <MarkedText text={use.text} words={use.words} />
      </p>
      <div className={facts['meta']}>
        <span className={facts['notes']}>
          {use.speaker !== '' && <span>{use.speaker}</span>}
          <time dateTime={new Date(use.at).toISOString()}>{formatDateTime(use.at)}</time>
        </span>
        <button type="button" className={facts['sourceButton']} aria-expanded={shown} onClick={() => setShown(!shown)}>
          {t('search.show')}
        </button>
      </div>
      {shown && <SourcePreview messageIds={[use.id]} words={use.words} />}
    </article>
  );
}
