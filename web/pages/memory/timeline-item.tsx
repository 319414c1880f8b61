import { useTranslation } from 'react-i18next';
import type { MemoryTimelineItem } from '../../../contract/memory.ts';
import { IconBook, IconCalendarEvent, IconNotes, IconQuote } from '../../ui/icons.ts';
import { DateRow } from './date-row.tsx';
import { FactItem } from './fact-item.tsx';
import classes from './memory-page.module.css';
import { SummarySentences } from './summary-sentences.tsx';

const ICONS = { fact: IconQuote, summary: IconNotes, diary: IconBook, date: IconCalendarEvent } as const;

/** One thing on the timeline, with the sign of its kind. */
export function TimelineItem({ item }: { item: MemoryTimelineItem }) {
  const { t } = useTranslation('memory');
  const Icon = ICONS[item.kind];
  return (
    <div className={classes['moment']} data-kind={item.kind}>
      <span className={classes['momentIcon']}>
        <Icon size={18} aria-hidden />
        <span className="visually-hidden">{t(`kind.${item.kind}`)}</span>
      </span>
      <div className={classes['momentBody']}>
        <Content item={item} />
      </div>
    </div>
  );
}

function Content({ item }: { item: MemoryTimelineItem }) {
  const { t } = useTranslation('memory');
  switch (item.kind) {
    case 'fact':
      return <FactItem fact={item.fact} />;
    case 'summary':
      return (
        <>
          <h3>{t(`summary.${item.summary.layer}`)}</h3>
          <SummarySentences summary={item.summary} />
        </>
      );
    case 'diary':
      return <p className={classes['diaryText']}>{item.entry.text}</p>;
    case 'date':
      return <DateRow date={item.date} />;
    default:
      return item satisfies never;
  }
}
