import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MemoryDate } from '../../../contract/memory.ts';
import { api } from '../../state/api.ts';
import { IconPlus } from '../../ui/icons.ts';
import { DateDialog } from './date-dialog.tsx';
import { DateRow } from './date-row.tsx';
import facts from './facts.module.css';
import classes from './memory-page.module.css';
import { memoryDatesQuery } from './memory-queries.ts';
import { MemoryEmpty, MemoryProblem, MemoryWaiting } from './memory-states.tsx';
import { useMemoryChange } from './use-memory-change.ts';

/** Promises and dates: what is ahead first, then what was kept or let go. */
export function MemoryDates({ characterId, name }: { characterId: string; name: string }) {
  const { t } = useTranslation('memory');
  const query = useQuery(memoryDatesQuery(characterId));
  const change = useMemoryChange();
  const [adding, setAdding] = useState(false);
  if (query.isError) return <MemoryProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <MemoryWaiting />;
  const ahead = query.data.filter(({ state }) => state === 'open' || state === 'due');
  const past = query.data.filter(({ state }) => state === 'kept' || state === 'dropped');
  return (
    <div className={classes['listView']}>
      {query.data.length === 0 && <MemoryEmpty title={t('dates.empty')} body={t('dates.emptyHow', { name })} />}
      <DateCard title={t('dates.ahead')} dates={ahead.toSorted((one, other) => one.dueAt - other.dueAt)} />
      <DateCard title={t('dates.past')} dates={past.toSorted((one, other) => other.dueAt - one.dueAt)} />
      <div>
        <Button variant="default" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setAdding(true)}>
          {t('dates.add')}
        </Button>
      </div>
      {adding && (
        <DateDialog
          title={t('dates.add')}
          initial={null}
          onClose={() => setAdding(false)}
          onSave={async (body) =>
            (await change(api.call('addMemoryDate', { params: { id: characterId }, body }))) !== undefined
          }
        />
      )}
    </div>
  );
}

function DateCard({ title, dates }: { title: string; dates: readonly MemoryDate[] }) {
  if (dates.length === 0) return null;
  return (
    <section className={classes['card']}>
      <h2>{title}</h2>
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
