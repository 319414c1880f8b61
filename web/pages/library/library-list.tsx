import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { CSSProperties, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { LibraryCharacter } from '../../../contract/library.ts';
import { LibraryItem, type LibraryView } from './library-item.tsx';
import classes from './library-list.module.css';
import type { Selection } from '../../ui/use-selection.ts';

/** Least width of a portrait and the space between two, in px; a phone shows two beside each other. */
const TILE = 164;
const GAP = 14;
/** A portrait is so many times as high as wide, as in the rest of the house. */
const TILE_SHAPE = 1.25;
/** Height of a line of the list, in rem, so that it follows the size of the text. */
const ROW_REM = 4.6;
const CONTENT_ID = 'content';
const PLACE_KEY = 'everwith.library.place';

export interface LibraryListProps {
  characters: readonly LibraryCharacter[];
  /** All that the filter names; those not read yet have a quiet place. */
  total: number;
  view: LibraryView;
  selection: Selection;
  onNearEnd: () => void;
  /** Names the list that is shown: another one begins at its top. */
  listKey: string;
}

/** The characters, only those on screen in the document. The page itself scrolls. */
export function LibraryList({ characters, total, view, selection, onNearEnd, listKey }: LibraryListProps) {
  const { t } = useTranslation('library');
  const list = useRef<HTMLUListElement>(null);
  const { width, top } = usePlace(list);
  const columns = view === 'grid' ? Math.max(2, Math.floor((width + GAP) / (TILE + GAP))) : 1;
  const itemWidth = (width - GAP * (columns - 1)) / columns;
  const itemHeight = view === 'grid' ? itemWidth * TILE_SHAPE : ROW_REM * rootFontSize();
  const gap = view === 'grid' ? GAP : 0;
  const virtualizer = useVirtualizer<HTMLElement, HTMLLIElement>({
    count: width === 0 ? 0 : Math.ceil(total / columns),
    getScrollElement: () => document.getElementById(CONTENT_ID),
    estimateSize: () => itemHeight + gap,
    overscan: 3,
    scrollMargin: top,
  });
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, itemHeight, gap]);
  useKeptPlace({ listKey, ready: width > 0 && characters.length > 0 });
  const rows = virtualizer.getVirtualItems();
  const lastShown = (rows.at(-1)?.index ?? 0) * columns + columns;
  useEffect(() => {
    if (lastShown > characters.length && characters.length < total) onNearEnd();
  }, [lastShown, characters.length, total, onNearEnd]);
  const places = rows.flatMap((row) =>
    Array.from({ length: columns }, (_, column) => ({ index: row.index * columns + column, column, start: row.start })),
  );
  return (
    <ul ref={list} className={classes['list']} style={{ height: virtualizer.getTotalSize() }} aria-label={t('list')}>
      {places
        .filter(({ index }) => index < total)
        .map(({ index, column, start }) => {
          const style: CSSProperties = {
            transform: `translate(${column * (itemWidth + GAP)}px, ${start - top}px)`,
            width: itemWidth,
            height: itemHeight,
          };
          const character = characters[index];
          return (
            <li key={character?.id ?? index} style={style} aria-posinset={index + 1} aria-setsize={total}>
              {character === undefined ? (
                <div className={classes['blank']} data-view={view} />
              ) : (
                <LibraryItem character={character} view={view} selection={selection} />
              )}
            </li>
          );
        })}
    </ul>
  );
}

/** How wide the list is and how far below the top of the page it begins; what stands above it comes and goes. */
function usePlace(list: RefObject<HTMLUListElement | null>): { width: number; top: number } {
  const [place, setPlace] = useState({ width: 0, top: 0 });
  useLayoutEffect(() => {
    const element = list.current;
    const content = document.getElementById(CONTENT_ID);
    if (element === null || content === null) return undefined;
    const measure = () => {
      const top = element.getBoundingClientRect().top - content.getBoundingClientRect().top + content.scrollTop;
      const next = { width: element.clientWidth, top: Math.round(top) };
      setPlace((before) => (before.width === next.width && before.top === next.top ? before : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    if (element.parentElement !== null) {
      for (const sibling of element.parentElement.children) if (sibling !== element) observer.observe(sibling);
    }
    observer.observe(content);
    return () => observer.disconnect();
  });
  return place;
}

/** Who comes back from a character finds the list where it was left. */
function useKeptPlace({ listKey, ready }: { listKey: string; ready: boolean }): void {
  useLayoutEffect(() => {
    const content = document.getElementById(CONTENT_ID);
    if (!ready || content === null) return undefined;
    const kept = sessionStorage.getItem(PLACE_KEY)?.split('|', 1)[0];
    const key = sessionStorage.getItem(PLACE_KEY)?.slice((kept?.length ?? 0) + 1);
    content.scrollTop = key === listKey ? Number(kept) : 0;
    const keep = () => sessionStorage.setItem(PLACE_KEY, `${content.scrollTop}|${listKey}`);
    content.addEventListener('scroll', keep, { passive: true });
    return () => content.removeEventListener('scroll', keep);
  }, [listKey, ready]);
}

function rootFontSize(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}
