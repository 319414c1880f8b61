import { useVirtualizer } from '@tanstack/react-virtual';
import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { IconArrowDown } from '../../ui/icons.ts';
import classes from './message-list.module.css';

export interface ListItem {
  key: string;
  element: ReactNode;
}

export interface MessageListProps {
  items: readonly ListItem[];
  /** The language of the conversation, for fonts, line breaks and voices. */
  lang: string;
  /** Position of the first item on the whole path, from 1. */
  firstPosition: number;
  total: number;
  hasOlder: boolean;
  onLoadOlder: () => Promise<void>;
  /** True while the reader is back at old messages and the path goes on below what is loaded. */
  hasNewer?: boolean;
  onLoadNewer?: () => Promise<void>;
  /** Leaves the old messages for the path's end. */
  onReturnToEnd?: () => void;
  /** Changes when the reader did something whose result is at the end. */
  jumpToEnd: number;
  /** Brought to the middle once it is there. */
  soughtKey: string | null;
}

/** How near the end, in px, still counts as reading along. */
const END = 90;
/** Read the next older page while this many px are left above. */
const AHEAD = 900;

/** The path, only what is on screen in the document: opens at its end, grows upwards without jumping. */
export function MessageList(props: MessageListProps) {
  const { t } = useTranslation('talk');
  const { scroller, virtualizer, atEnd, onScroll, toEnd } = useMessageScroll(props);
  return (
    <div className={classes['frame']}>
      <section
        ref={scroller}
        data-part="scroller"
        className={classes['scroller']}
        onScroll={onScroll}
        // A scrolling region must be reachable by keyboard (WCAG 2.1.1).
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label={t('messages')}
      >
        <div className={classes['column']}>
          <ol className={classes['list']} style={{ height: virtualizer.getTotalSize() }} lang={props.lang}>
            {virtualizer.getVirtualItems().map((row) => (
              <li
                key={row.key}
                ref={virtualizer.measureElement}
                data-index={row.index}
                data-sought={row.key === props.soughtKey}
                className={classes['item']}
                style={{ transform: `translateY(${row.start}px)` }}
                aria-posinset={props.firstPosition + row.index}
                aria-setsize={Math.max(props.total, props.items.length)}
              >
                {props.items[row.index]?.element}
              </li>
            ))}
          </ol>
        </div>
      </section>
      {(!atEnd || props.hasNewer === true) && (
        <button type="button" className={classes['toEnd']} onClick={toEnd} aria-label={t('toEnd')}>
          <IconArrowDown size={20} aria-hidden />
        </button>
      )}
    </div>
  );
}

function useMessageScroll(props: MessageListProps) {
  const { items, jumpToEnd } = props;
  const scroller = useRef<HTMLElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const virtualizer = useVirtualizer<HTMLElement, HTMLLIElement>({
    count: items.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => items[index]?.key ?? index,
    estimateSize: () => 120,
    overscan: 6,
    paddingStart: 28,
    paddingEnd: 12,
    anchorTo: 'end',
    followOnAppend: props.hasNewer !== true,
    scrollEndThreshold: END,
  });
  const started = items.length > 0;
  useLayoutEffect(() => {
    if (started) virtualizer.scrollToEnd();
  }, [started, jumpToEnd, virtualizer]);
  useSought({ items, soughtKey: props.soughtKey, virtualizer });
  const { loadOlder, loadNewer } = usePages(props);
  const [returned, setReturned] = useState(0);
  useLayoutEffect(() => {
    if (returned > 0) virtualizer.scrollToEnd();
  }, [returned, virtualizer]);
  useStickToEnd({ scroller, atEnd: atEnd && props.hasNewer !== true, scrollToEnd: () => virtualizer.scrollToEnd() });

  function onScroll(): void {
    const element = scroller.current;
    if (element === null) return;
    setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight <= END);
    if (element.scrollTop < AHEAD) loadOlder();
    if (element.scrollHeight - element.scrollTop - element.clientHeight < AHEAD) loadNewer();
  }

  function toEnd(): void {
    if (props.hasNewer !== true) {
      virtualizer.scrollToEnd({ behavior: 'smooth' });
      return;
    }
    props.onReturnToEnd?.();
    setReturned((count) => count + 1);
  }

  return { scroller, virtualizer, atEnd, onScroll, toEnd };
}

interface SoughtOptions {
  items: readonly ListItem[];
  soughtKey: string | null;
  virtualizer: Virtualizer<HTMLElement, HTMLLIElement>;
}

/** Brings one item into the middle when it comes into the list; the reader goes on from there. */
function useSought({ items, soughtKey, virtualizer }: SoughtOptions): void {
  const index = soughtKey === null ? -1 : items.findIndex(({ key }) => key === soughtKey);
  const there = index >= 0;
  useEffect(() => {
    if (there) virtualizer.scrollToIndex(index, { align: 'center' });
    // oxlint-disable-next-line react/exhaustive-deps -- once: its number changes when older pages come
  }, [there, soughtKey, virtualizer]);
}

interface StickOptions {
  scroller: RefObject<HTMLElement | null>;
  atEnd: boolean;
  scrollToEnd: () => void;
}

/** A keyboard that opens, or a composer that grows, takes room: whoever read the end keeps seeing it. */
function useStickToEnd(options: StickOptions): void {
  const { scroller } = options;
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      if (latest.current.atEnd) latest.current.scrollToEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
}

/** One page at a time and direction; after a failure the next scroll asks again. */
function usePages(props: MessageListProps): { loadOlder: () => void; loadNewer: () => void } {
  const loading = useRef({ older: false, newer: false });
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const load = (direction: 'older' | 'newer', isMore: boolean, read: (() => Promise<void>) | undefined) => {
    if (loading.current[direction] || !isMore || read === undefined) return;
    loading.current[direction] = true;
    read()
      .catch(() => undefined)
      .finally(() => (loading.current[direction] = false));
  };
  return {
    loadOlder: () => load('older', latest.current.hasOlder, latest.current.onLoadOlder),
    loadNewer: () => load('newer', latest.current.hasNewer === true, latest.current.onLoadNewer),
  };
}
