import { useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MemoryTimelineItem } from '../../../contract/memory.ts';
import classes from './memory-page.module.css';
import { memoryTimelineQuery } from './memory-queries.ts';
import { MemoryEmpty, MemoryProblem, MemoryWaiting } from './memory-states.tsx';
import { formatLongDay, startOfDay } from './memory-times.ts';
import { TimelineItem } from './timeline-item.tsx';

/** Height that a row is taken to have until it was seen, in px. */
const ROW_HEIGHT = 96;
/** The element that scrolls the page. */
const CONTENT_ID = 'content';

/** What was remembered, day by day, the newest first; only what is on screen in the document. */
export function MemoryTimelineView({ characterId, name }: { characterId: string; name: string }) {
  const { t } = useTranslation('memory');
  const query = useInfiniteQuery(memoryTimelineQuery(characterId));
  if (query.isError) return <MemoryProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <MemoryWaiting />;
  const items = query.data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return <MemoryEmpty title={t('timeline.empty')} body={t('timeline.emptyHow', { name })} />;
  }
  return (
    <Days
      items={items}
      whole={!query.hasNextPage}
      onNearEnd={() => {
        if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
      }}
    />
  );
}

interface DaysProps {
  items: readonly MemoryTimelineItem[];
  /** True when there is nothing older. */
  whole: boolean;
  onNearEnd: () => void;
}

function Days({ items, whole, onNearEnd }: DaysProps) {
  const { t } = useTranslation('memory');
  const list = useRef<HTMLOListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const content = document.getElementById(CONTENT_ID);
    if (list.current === null || content === null) return;
    const place = list.current.getBoundingClientRect().top - content.getBoundingClientRect().top + content.scrollTop;
    setTop(Math.round(place));
  }, []);
  const virtualizer = useVirtualizer<HTMLElement, HTMLLIElement>({
    count: items.length,
    getScrollElement: () => document.getElementById(CONTENT_ID),
    getItemKey: (index) => keyOf(items[index], index),
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    scrollMargin: top,
  });
  const rows = virtualizer.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= items.length - 10) onNearEnd();
    // oxlint-disable-next-line react/exhaustive-deps -- a new function each time; what counts is where the reader is
  }, [lastShown, items.length]);
  return (
    <>
      <ol
        ref={list}
        className={classes['days']}
        style={{ height: virtualizer.getTotalSize() }}
        aria-label={t('views.timeline')}
      >
        {rows.map(({ key, index, start }) => {
          const item = items[index];
          if (item === undefined) return null;
          const before = items[index - 1];
          const newDay = before === undefined || startOfDay(before.at) !== startOfDay(item.at);
          return (
            <li
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              style={{ transform: `translateY(${start - top}px)` }}
              aria-posinset={index + 1}
              aria-setsize={whole ? items.length : -1}
            >
              {newDay && <h2 className={classes['day']}>{formatLongDay(item.at)}</h2>}
              <TimelineItem item={item} />
            </li>
          );
        })}
      </ol>
      {whole && <p className={classes['hint']}>{t('timeline.end')}</p>}
    </>
  );
}

function keyOf(item: MemoryTimelineItem | undefined, index: number): string | number {
  if (item === undefined) return index;
  switch (item.kind) {
    case 'fact':
      return `fact-${item.fact.id}`;
    case 'summary':
      return `summary-${item.summary.id}`;
    case 'diary':
      return `diary-${item.entry.id}`;
    case 'date':
      return `date-${item.date.id}`;
    default:
      return item satisfies never;
  }
}
