import { useTranslation } from 'react-i18next';
import type { MemoryDate } from '../../../contract/memory.ts';
import { DateControls } from './date-controls.tsx';
import facts from './facts.module.css';
import classes from './memory-page.module.css';
import { formatAgo, formatDay } from './memory-times.ts';

/** A promise or a date: what, when, and what became of it. */
export function DateRow({ date }: { date: MemoryDate }) {
  const { t } = useTranslation('memory');
  const now = Date.now();
  const done = date.state === 'kept' || date.state === 'dropped';
  const notes = [
    formatAgo(date.dueAt, now),
    date.recurs === 'yearly' ? t('dates.yearly') : null,
    date.state === 'open' ? null : t(`dates.state.${date.state}`),
    date.counts ? null : t('fact.why.offPath'),
  ].filter((note) => note !== null);
  return (
    <article className={facts['fact']} data-faded={done || !date.counts} aria-label={date.text}>
      <div className={facts['line']}>
        <p className={facts['text']}>
          <b className={classes['due']}>{formatDay(date.dueAt, now, date.precision)}</b>
          {date.text}
        </p>
        <DateControls date={date} done={done} />
      </div>
      <div className={facts['meta']}>
        <span className={facts['notes']}>
          {notes.map((note) => (
            <span key={note}>{note}</span>
          ))}
        </span>
      </div>
    </article>
  );
}
