import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import classes from './inspector.module.css';

export interface VirtualRowsProps {
  label: string;
  count: number;
  keyOf: (index: number) => string | number;
  /** Px, before a row was measured. */
  estimate: number;
  /** Stays in sight above the rows. */
  head?: ReactNode;
  /** Brought into the middle whenever the object changes. */
  goTo?: { row: number } | null;
  children: (index: number) => ReactNode;
}

/** A long scrolling list of which only what is on screen is in the document. */
export function VirtualRows({ label, count, keyOf, estimate, head, goTo = null, children }: VirtualRowsProps) {
  const scroller = useRef<HTMLElement>(null);
  const virtualizer = useVirtualizer<HTMLElement, HTMLDivElement>({
    count,
    getScrollElement: () => scroller.current,
    getItemKey: keyOf,
    estimateSize: () => estimate,
    overscan: 6,
  });
  useEffect(() => {
    if (goTo !== null) virtualizer.scrollToIndex(goTo.row, { align: 'center' });
  }, [goTo, virtualizer]);
  return (
    <section
      ref={scroller}
      className={classes['scroller']}
      // A scrolling region must be reachable by keyboard (WCAG 2.1.1).
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label={label}
    >
      {head}
      <div className={classes['rows']} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => (
          <div
            key={key}
            ref={virtualizer.measureElement}
            data-index={index}
            className={classes['rowBox']}
            style={{ transform: `translateY(${start}px)` }}
          >
            {children(index)}
          </div>
        ))}
      </div>
    </section>
  );
}
