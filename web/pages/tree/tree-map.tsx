import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { IconFocus, IconMinus, IconPlus, IconZoomAll } from '../../ui/icons.ts';
import { drawTree } from './draw-tree.ts';
import { layOutTree, type TreeLayout } from './tree-layout.ts';
import classes from './tree-map.module.css';
import { siblingsOf, walk, type TreeStep } from './tree-model.ts';
import type { TreeWalkProps } from './tree-outline.tsx';
import { runUnder, useMapView, type MapView } from './use-map-view.ts';
import { useRunLabels } from './use-run-label.ts';

/** The branches as a drawing: to be moved, brought closer, and walked with the arrow keys. */
export function TreeMap({ model, selected, found, onSelect, onChoose }: TreeWalkProps) {
  const { t } = useTranslation('tree');
  const labels = useRunLabels(model);
  const layout = useMemo(() => layOutTree(model), [model]);
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useMapView({ frame, layout, start: layout.places[Math.max(model.here, 0)] });
  useDrawing(canvas, {
    layout,
    view,
    draw: { model, selected, found, words: labels.words, names: labels.names, length: labels.length },
  });
  const go = (place: number) => {
    onSelect(place);
    view.reveal(layout.places[place]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step !== undefined) go(walk(model, selected, step));
    else if (event.key === 'Enter' || event.key === ' ') onChoose(selected);
    else if (event.key === '+' || event.key === '=') view.zoom(1.25);
    else if (event.key === '-') view.zoom(0.8);
    else return;
    event.preventDefault();
  };
  return (
    <div className={classes['map']}>
      <div
        ref={frame}
        className={classes['frame']}
        role="tree"
        tabIndex={0}
        aria-label={t('title')}
        aria-describedby="map-keys"
        aria-activedescendant={`place-${selected}`}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          if (view.moved()) return;
          const place = runUnder(event, { frame: event.currentTarget, layout, view });
          if (place !== null) onChoose(place);
        }}
      >
        <canvas ref={canvas} className={classes['canvas']} aria-hidden />
        <SpokenPlace {...{ model, selected }} text={labels.spoken(selected)} />
      </div>
      <MapButtons view={view} onHere={() => go(model.here)} />
      <p id="map-keys" className={classes['keys']}>
        {t('keys')}
      </p>
    </div>
  );
}

/** The place one stands at, for those who hear it: the drawing itself says nothing. */
function SpokenPlace({ model, selected, text }: Pick<TreeWalkProps, 'model' | 'selected'> & { text: string }) {
  const siblings = siblingsOf(model, selected);
  return (
    <div
      id={`place-${selected}`}
      role="treeitem"
      className="visually-hidden"
      aria-level={1}
      aria-setsize={siblings.length}
      aria-posinset={siblings.indexOf(selected) + 1}
      aria-selected
      tabIndex={-1}
    >
      {text}
    </div>
  );
}

const STEPS: Readonly<Record<string, TreeStep>> = {
  ArrowUp: 'parent',
  ArrowDown: 'child',
  ArrowLeft: 'previous',
  ArrowRight: 'next',
  Home: 'first',
  End: 'here',
};

function MapButtons({ view, onHere }: { view: MapView; onHere: () => void }) {
  const { t } = useTranslation('tree');
  const buttons = [
    { label: t('zoomIn'), icon: <IconPlus size={18} aria-hidden />, run: () => view.zoom(1.25) },
    { label: t('zoomOut'), icon: <IconMinus size={18} aria-hidden />, run: () => view.zoom(0.8) },
    { label: t('fit'), icon: <IconZoomAll size={18} aria-hidden />, run: view.fit },
    { label: t('toHere'), icon: <IconFocus size={18} aria-hidden />, run: onHere },
  ];
  return (
    <div className={classes['buttons']}>
      {buttons.map(({ label, icon, run }) => (
        <button key={label} type="button" aria-label={label} title={label} onClick={run}>
          {icon}
        </button>
      ))}
    </div>
  );
}

interface Drawing {
  layout: TreeLayout;
  view: MapView;
  draw: Parameters<typeof drawTree>[1]['draw'];
}

/** Draws what is in sight, once a frame at most, after everything that changes it. */
function useDrawing(canvas: RefObject<HTMLCanvasElement | null>, { layout, view, draw }: Drawing): void {
  const scheme = useColorScheme();
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (canvas.current !== null) drawTree(canvas.current, { layout, view: view.at, draw });
    });
    return () => cancelAnimationFrame(frame);
    // oxlint-disable-next-line react/exhaustive-deps -- `draw` holds functions made anew each time; what they say follows the model
  }, [canvas, layout, view.at, draw.model, draw.selected, draw.found, scheme]);
}

/** Light or dark, as the page has it. */
function useColorScheme(): string {
  const read = () => document.documentElement.dataset['mantineColorScheme'] ?? '';
  const [scheme, setScheme] = useState(read);
  useEffect(() => {
    const observer = new MutationObserver(() => setScheme(read()));
    observer.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
    return () => observer.disconnect();
  }, []);
  return scheme;
}
