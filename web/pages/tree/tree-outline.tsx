import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { IconChevronDown, IconChevronRight } from '../../ui/icons.ts';
import { outlineRows, runAt, walk, type OutlineRow, type TreeModel, type TreeStep } from './tree-model.ts';
import classes from './tree-outline.module.css';
import { useRunLabels, type RunLabels } from './use-run-label.ts';

export interface TreeWalkProps {
  model: TreeModel;
  selected: number;
  /** Runs that a search found; null while nothing is searched. */
  found: ReadonlySet<number> | null;
  /** The place one has walked to. */
  onSelect: (place: number) => void;
  /** The place one wants to see. */
  onChoose: (place: number) => void;
}

const ROW = 62;

/** The branches below each other: the path goes straight down, the others hang beside it. */
export function TreeOutline({ model, selected, found, onSelect, onChoose, lang }: TreeWalkProps & { lang: string }) {
  const { t } = useTranslation('tree');
  const labels = useRunLabels(model);
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const rows = useMemo(() => rowsOf(model, { folded, found }), [model, folded, found]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    getItemKey: (index) => rows[index]?.place ?? index,
  });
  const current = rows.findIndex(({ place }) => place === selected);
  useEffect(() => {
    if (current >= 0) virtualizer.scrollToIndex(current, { align: 'auto' });
  }, [current, virtualizer]);
  const fold = (place: number, close: boolean) => setFolded(toggled(folded, { place, close }));
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[current];
    const place = stepTo(event.key, { model, rows, current, selected });
    if (event.key === 'Enter' || event.key === ' ') onChoose(selected);
    else if (row !== undefined && isFolding(event.key, row)) fold(selected, row.open);
    else if (place !== null) onSelect(place);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={scroller}
      className={classes['scroller']}
      role="tree"
      tabIndex={0}
      aria-label={t('title')}
      aria-activedescendant={current < 0 ? undefined : `run-${selected}`}
      onKeyDown={onKeyDown}
      lang={lang}
    >
      <div className={classes['rows']} style={{ height: virtualizer.getTotalSize() }} role="presentation">
        {virtualizer.getVirtualItems().map(({ key, index, start }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <OutlineItem
              key={key}
              {...{ model, row, labels, start }}
              selected={row.place === selected}
              position={{ index: index + 1, of: rows.length }}
              onChoose={onChoose}
              onFold={fold}
            />
          );
        })}
      </div>
    </div>
  );
}

/** All that is not folded, or only what was found. */
function rowsOf(
  model: TreeModel,
  { folded, found }: { folded: ReadonlySet<number>; found: ReadonlySet<number> | null },
): OutlineRow[] {
  if (found === null) return outlineRows(model, folded);
  return [...found].map((place) => ({ place, level: 1, side: 0, open: true }));
}

interface OutlineItemProps {
  model: TreeModel;
  row: OutlineRow;
  labels: RunLabels;
  start: number;
  selected: boolean;
  position: { index: number; of: number };
  onChoose: (place: number) => void;
  onFold: (place: number, close: boolean) => void;
}

/** Deeper levels than these are not moved further in: a phone has no room for them. */
const DEEPEST = 6;

function OutlineItem({ model, row, labels, start, selected, position, onChoose, onFold }: OutlineItemProps) {
  const { t } = useTranslation('tree');
  const { place, level, side, open } = row;
  const names = labels.names(place);
  const active = (runAt(model, place)?.active ?? 0) > 0;
  return (
    // Keys are the tree's own: it holds the focus and says which item is active.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={`run-${place}`}
      role="treeitem"
      aria-level={level}
      aria-posinset={position.index}
      aria-setsize={position.of}
      aria-selected={selected}
      aria-expanded={side > 0 ? open : undefined}
      aria-current={place === model.here ? 'location' : undefined}
      aria-labelledby={`run-label-${place}`}
      data-active={active}
      className={classes['item']}
      style={{ transform: `translateY(${start}px)`, paddingInlineStart: Math.min(level, DEEPEST) * 18 }}
      onClick={() => onChoose(place)}
    >
      <span className={classes['dot']} aria-hidden />
      <span id={`run-label-${place}`} className={classes['text']}>
        {names !== '' && <span className={classes['names']}>{names}</span>}
        <span className={classes['words']}>{labels.words(place)}</span>
        <span className={classes['length']}>
          {labels.length(place)}
          {place === model.here && <span className={classes['here']}>{t('here')}</span>}
          {active && place !== model.here && <span className="visually-hidden"> {t('onPath')}</span>}
        </span>
      </span>
      {side > 0 && (
        <button
          type="button"
          tabIndex={-1}
          className={classes['fold']}
          aria-label={open ? t('collapse') : t('expand')}
          onClick={(event) => {
            event.stopPropagation();
            onFold(place, open);
          }}
        >
          {open ? <IconChevronDown size={18} aria-hidden /> : <IconChevronRight size={18} aria-hidden />}
        </button>
      )}
    </div>
  );
}

/** → opens what is folded, ← folds what is open; else they walk. */
function isFolding(key: string, { side, open }: OutlineRow): boolean {
  return side > 0 && (open ? key === 'ArrowLeft' : key === 'ArrowRight');
}

function toggled(folded: ReadonlySet<number>, { place, close }: { place: number; close: boolean }): Set<number> {
  const next = new Set(folded);
  if (close) next.add(place);
  else next.delete(place);
  return next;
}

const STEPS: Readonly<Record<string, TreeStep>> = {
  ArrowLeft: 'parent',
  ArrowRight: 'child',
  Home: 'first',
  End: 'here',
};

/** Up and down go along the lines, left and right along the branches; null for other keys. */
function stepTo(
  key: string,
  {
    model,
    rows,
    current,
    selected,
  }: { model: TreeModel; rows: readonly OutlineRow[]; current: number; selected: number },
): number | null {
  if (key === 'ArrowUp') return rows[Math.max(current - 1, 0)]?.place ?? selected;
  if (key === 'ArrowDown') return rows[Math.min(current + 1, rows.length - 1)]?.place ?? selected;
  const step = STEPS[key];
  return step === undefined ? null : walk(model, selected, step);
}
