import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { factAboutSchema } from '../../../contract/memory.ts';
import { AddFact } from './add-fact.tsx';
import { chainFacts } from './fact-chains.ts';
import { FactChainItem } from './fact-item.tsx';
import facts from './facts.module.css';
import classes from './memory-page.module.css';
import { memoryFactsQuery, type FactFilter } from './memory-queries.ts';
import { FACT_SHELVES, type MemorySearch } from './memory-search.ts';
import { MemoryEmpty, MemoryProblem, MemoryWaiting } from './memory-states.tsx';

export interface FactListProps extends FactFilter {
  characterId: string;
  name: string;
}

/** Every fact, by what it is about and whether it is used. */
export function FactList({ characterId, name, about, shelf }: FactListProps) {
  const { t } = useTranslation('memory');
  const query = useInfiniteQuery(memoryFactsQuery(characterId, { about, shelf }));
  const found = query.data?.pages.flatMap((page) => page.facts) ?? [];
  return (
    <div className={classes['listView']}>
      <Filters characterId={characterId} name={name} about={about} shelf={shelf} />
      {shelf !== 'known' && <p className={classes['hint']}>{t(`shelf.hint.${shelf}`)}</p>}
      {query.isError && <MemoryProblem error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <MemoryWaiting />}
      {query.isSuccess && found.length === 0 && (
        <MemoryEmpty title={t(`shelf.empty.${shelf}`)} body={t(`shelf.emptyHow.${shelf}`, { name })} />
      )}
      {found.length > 0 && (
        <section className={classes['card']} aria-label={t(`shelf.${shelf}`)}>
          <ul className={facts['facts']}>
            {chainFacts(found).map((chain) => (
              <li key={chain[0].id}>
                <FactChainItem chain={chain} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('shelf.more')}
        </Button>
      )}
      {shelf === 'known' && <AddFact characterId={characterId} name={name} />}
    </div>
  );
}

function Filters({ characterId, name, about, shelf }: FactListProps) {
  const { t } = useTranslation('memory');
  const navigate = useNavigate();
  const go = (change: Pick<MemorySearch, 'about' | 'shelf'>) =>
    void navigate({
      to: '/characters/$characterId/memory',
      params: { characterId },
      search: { view: 'list', about, shelf, ...change },
      replace: true,
    });
  return (
    <div className={classes['filters']}>
      <div role="group" aria-label={t('shelf.label')}>
        {FACT_SHELVES.map((value) => (
          <button
            key={value}
            type="button"
            className={classes['chip']}
            aria-pressed={value === shelf}
            onClick={() => go({ shelf: value })}
          >
            {t(`shelf.${value}`)}
          </button>
        ))}
      </div>
      <div role="group" aria-label={t('about.label')}>
        <button
          type="button"
          className={classes['chip']}
          aria-pressed={about === undefined}
          onClick={() => go({ about: undefined })}
        >
          {t('about.all')}
        </button>
        {factAboutSchema.options.map((value) => (
          <button
            key={value}
            type="button"
            className={classes['chip']}
            aria-pressed={value === about}
            onClick={() => go({ about: value })}
          >
            {t(`about.${value}`, { name })}
          </button>
        ))}
      </div>
    </div>
  );
}
