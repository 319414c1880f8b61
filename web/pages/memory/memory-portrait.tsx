import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { MemoryPortrait, MemorySummary } from '../../../contract/memory.ts';
import { AddFact } from './add-fact.tsx';
import { DateRow } from './date-row.tsx';
import { chainFacts } from './fact-chains.ts';
import { FactChainItem } from './fact-item.tsx';
import facts from './facts.module.css';
import classes from './memory-page.module.css';
import { memoryPortraitQuery } from './memory-queries.ts';
import { MemoryProblem, MemoryWaiting } from './memory-states.tsx';
import { SummarySentences } from './summary-sentences.tsx';

/** What a character knows, on one page that can be read from its beginning to its end. */
export function MemoryPortraitView({ characterId, name }: { characterId: string; name: string }) {
  const query = useQuery(memoryPortraitQuery(characterId));
  if (query.isError) return <MemoryProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <MemoryWaiting />;
  const { groups, relationship, dates } = query.data;
  const told = groups.filter((group) => group.facts.length > 0);
  if (told.length === 0 && relationship === null && dates.length === 0) {
    return <NothingYet characterId={characterId} name={name} />;
  }
  return (
    <div className={classes['portrait']}>
      {relationship !== null && <Relationship summary={relationship} />}
      {told.map((group) => (
        <FactGroup key={group.about} group={group} name={name} />
      ))}
      {dates.length > 0 && <DatesAhead dates={dates} />}
      <AddFact characterId={characterId} name={name} />
    </div>
  );
}

function Relationship({ summary }: { summary: MemorySummary }) {
  const { t } = useTranslation('memory');
  return (
    <section className={classes['story']}>
      <h2>{t('portrait.relationship')}</h2>
      <SummarySentences summary={summary} />
    </section>
  );
}

function FactGroup({ group, name }: { group: MemoryPortrait['groups'][number]; name: string }) {
  const { t } = useTranslation('memory');
  return (
    <section className={classes['card']}>
      <h2>{t(`about.${group.about}`, { name })}</h2>
      <ul className={facts['facts']}>
        {chainFacts(group.facts).map((chain) => (
          <li key={chain[0].id}>
            <FactChainItem chain={chain} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function DatesAhead({ dates }: Pick<MemoryPortrait, 'dates'>) {
  const { t } = useTranslation('memory');
  return (
    <section className={classes['card']}>
      <h2>{t('portrait.dates')}</h2>
      <ul className={facts['facts']}>
        {dates.map((date) => (
          <li key={date.id}>
            <DateRow date={date} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function NothingYet({ characterId, name }: { characterId: string; name: string }) {
  const { t } = useTranslation('memory');
  return (
    <div className={classes['empty']}>
      <h2>{t('portrait.empty', { name })}</h2>
      <p>{t('portrait.emptyHow', { name })}</p>
      <p>{t('portrait.emptyControl')}</p>
      <p>
        <Link to="/characters/$characterId" params={{ characterId }}>
          {t('portrait.talk', { name })}
        </Link>
      </p>
      <AddFact characterId={characterId} name={name} />
    </div>
  );
}
