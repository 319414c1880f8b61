import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { RUN_HEIGHT, RUN_WIDTH, type RunPlace, type TreeLayout } from './tree-layout.ts';

/** Where the map's origin lies in its frame, in px, how much it is enlarged, and the frame's size. */
export interface ViewAt {
  x: number;
  y: number;
  scale: number;
  width: number;
  height: number;
}

export interface MapView {
  at: ViewAt;
  zoom: (factor: number, around?: { x: number; y: number }) => void;
  fit: () => void;
  /** Brings a place into sight. */
  reveal: (place: RunPlace | undefined) => void;
  /** True where the pointer that was just lifted had dragged. */
  moved: () => boolean;
}

const SMALLEST = 0.004;
const LARGEST = 2;
const MARGIN = 48;
/** Px below which a press is no drag. */
const STILL = 5;

interface MapViewOptions {
  frame: RefObject<HTMLDivElement | null>;
  layout: TreeLayout;
  /** What is in the middle at first. */
  start: RunPlace | undefined;
}

/** What of the map is in sight: moved by dragging and the wheel, enlarged by pinching and Ctrl with the wheel. */
export function useMapView({ frame, layout, start }: MapViewOptions): MapView {
  const [at, setAt] = useState<ViewAt>({ x: 0, y: 0, scale: 1, width: 0, height: 0 });
  const begun = useRef(false);
  const dragged = useRef(false);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const width = entry?.contentRect.width ?? 0;
      const height = entry?.contentRect.height ?? 0;
      setAt((before) => {
        if (begun.current || width === 0) return { ...before, width, height };
        begun.current = true;
        return centred({ ...before, width, height }, start);
      });
    });
    observer.observe(element);
    const stop = listenToPointers(element, { change: setAt, dragged });
    return () => {
      observer.disconnect();
      stop();
    };
    // oxlint-disable-next-line react/exhaustive-deps -- `start` is only where it begins
  }, [frame]);
  return {
    at,
    zoom: (factor, around) => setAt((before) => zoomed(before, factor, around)),
    fit: () => setAt((before) => fitted(before, layout)),
    reveal: (place) =>
      setAt((before) => (place === undefined || isInSight(before, place) ? before : centred(before, place))),
    moved: () => dragged.current,
  };
}

interface PointerOptions {
  change: (next: (before: ViewAt) => ViewAt) => void;
  dragged: RefObject<boolean>;
}

function listenToPointers(element: HTMLElement, { change, dragged }: PointerOptions): () => void {
  const down = new Map<number, { x: number; y: number }>();
  const onDown = (event: PointerEvent) => {
    if (down.size === 0) dragged.current = false;
    down.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
  };
  const onMove = (event: PointerEvent) => {
    const before = down.get(event.pointerId);
    if (before === undefined) return;
    const [dx, dy] = [event.offsetX - before.x, event.offsetY - before.y];
    if (!dragged.current && Math.hypot(dx, dy) < STILL) return;
    if (!dragged.current) element.setPointerCapture(event.pointerId);
    dragged.current = true;
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    const now = { x: event.offsetX, y: event.offsetY };
    down.set(event.pointerId, now);
    change((view) =>
      other === undefined ? { ...view, x: view.x + dx, y: view.y + dy } : pinched(view, { before, now, other }),
    );
  };
  const onUp = (event: PointerEvent) => void down.delete(event.pointerId);
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    const around = { x: event.offsetX, y: event.offsetY };
    change((view) =>
      event.ctrlKey || event.metaKey
        ? zoomed(view, Math.exp(-event.deltaY / 300), around)
        : { ...view, x: view.x - event.deltaX, y: view.y - event.deltaY },
    );
  };
  element.addEventListener('pointerdown', onDown);
  element.addEventListener('pointermove', onMove);
  for (const end of ['pointerup', 'pointercancel'] as const) element.addEventListener(end, onUp);
  element.addEventListener('wheel', onWheel, { passive: false });
  return () => {
    element.removeEventListener('pointerdown', onDown);
    element.removeEventListener('pointermove', onMove);
    for (const end of ['pointerup', 'pointercancel'] as const) element.removeEventListener(end, onUp);
    element.removeEventListener('wheel', onWheel);
  };
}

interface Point {
  x: number;
  y: number;
}

function pinched(view: ViewAt, { before, now, other }: { before: Point; now: Point; other: Point }): ViewAt {
  const distance = (point: Point) => Math.max(Math.hypot(point.x - other.x, point.y - other.y), 1);
  return zoomed(view, distance(now) / distance(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
}

function zoomed(view: ViewAt, factor: number, around: Point = { x: view.width / 2, y: view.height / 2 }): ViewAt {
  const scale = Math.min(Math.max(view.scale * factor, SMALLEST), LARGEST);
  const ratio = scale / view.scale;
  return { ...view, scale, x: around.x - (around.x - view.x) * ratio, y: around.y - (around.y - view.y) * ratio };
}

function fitted(view: ViewAt, { left, right, bottom }: TreeLayout): ViewAt {
  const [across, down] = [view.width - 2 * MARGIN, view.height - 2 * MARGIN];
  const scale = Math.min(Math.max(Math.min(across / (right - left), down / bottom, 1), SMALLEST), LARGEST);
  return {
    ...view,
    scale,
    x: view.width / 2 - ((left + right) / 2) * scale,
    y: view.height / 2 - (bottom / 2) * scale,
  };
}

function centred(view: ViewAt, place: RunPlace | undefined): ViewAt {
  if (place === undefined) return view;
  return {
    ...view,
    x: view.width / 2 - place.x * view.scale,
    y: view.height / 2 - (place.y + RUN_HEIGHT / 2) * view.scale,
  };
}

function isInSight({ x, y, scale, width, height }: ViewAt, place: RunPlace): boolean {
  const [across, down] = [place.x * scale + x, place.y * scale + y];
  const half = (RUN_WIDTH / 2) * scale;
  return across - half >= 0 && across + half <= width && down >= 0 && down + RUN_HEIGHT * scale <= height;
}

/** The run under a pointer; null where there is none. */
export function runUnder(
  { clientX, clientY }: { clientX: number; clientY: number },
  { frame, layout, view }: { frame: HTMLElement; layout: TreeLayout; view: MapView },
): number | null {
  const { left, top } = frame.getBoundingClientRect();
  const { x, y, scale } = view.at;
  const across = (clientX - left - x) / scale;
  const down = (clientY - top - y) / scale;
  // Far away a run is smaller than a finger: what is near enough counts.
  const slack = Math.max(0, 14 / scale - RUN_HEIGHT / 2);
  let best: { place: number; distance: number } | null = null;
  for (const [place, at] of layout.places.entries()) {
    const beside = Math.max(Math.abs(across - at.x) - RUN_WIDTH / 2, 0);
    const above = Math.max(Math.abs(down - at.y - RUN_HEIGHT / 2) - RUN_HEIGHT / 2, 0);
    const distance = Math.hypot(beside, above);
    if (distance <= slack && (best === null || distance < best.distance)) best = { place, distance };
  }
  return best?.place ?? null;
}
