import { RUN_HEIGHT, RUN_WIDTH, type RunPlace, type TreeLayout } from './tree-layout.ts';
import { runAt, type TreeModel } from './tree-model.ts';
import type { ViewAt } from './use-map-view.ts';

interface DrawOptions {
  layout: TreeLayout;
  view: ViewAt;
  draw: {
    model: TreeModel;
    selected: number;
    found: ReadonlySet<number> | null;
    words: (place: number) => string;
    names: (place: number) => string;
    length: (place: number) => string;
  };
}

/** Below this scale words cannot be read and are not drawn. */
const READABLE = 0.45;
const PADDING = 12;

type Ink = Record<'paper' | 'card' | 'ink' | 'soft' | 'line' | 'ember' | 'glow', string>;

/** Draws the part of the tree that is in sight, in the colours of the page. */
export function drawTree(canvas: HTMLCanvasElement, { layout, view, draw }: DrawOptions): void {
  const context = canvas.getContext('2d');
  if (context === null || view.width === 0) return;
  const density = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(view.width * density), Math.round(view.height * density)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const ink = readInk(canvas);
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  context.setTransform(density * view.scale, 0, 0, density * view.scale, density * view.x, density * view.y);
  const sight = inSight(view);
  drawEdges(context, { layout, draw, ink, sight, scale: view.scale });
  for (const [place, at] of layout.places.entries()) {
    if (isSeen(at, sight)) drawRun(context, { place, at, draw, ink, scale: view.scale });
  }
}

interface Sight {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function inSight({ x, y, scale, width, height }: ViewAt): Sight {
  return { left: -x / scale, right: (width - x) / scale, top: -y / scale, bottom: (height - y) / scale };
}

function isSeen({ x, y }: RunPlace, { left, right, top, bottom }: Sight): boolean {
  return x + RUN_WIDTH / 2 >= left && x - RUN_WIDTH / 2 <= right && y + RUN_HEIGHT >= top && y <= bottom;
}

function readInk(element: HTMLElement): Ink {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    paper: read('--paper'),
    card: read('--card'),
    ink: read('--ink'),
    soft: read('--soft'),
    line: read('--control-line'),
    ember: read('--ember'),
    glow: read('--glow'),
  };
}

function drawEdges(
  context: CanvasRenderingContext2D,
  { layout, draw, ink, sight, scale }: Pick<DrawOptions, 'layout' | 'draw'> & { ink: Ink; sight: Sight; scale: number },
): void {
  for (const onPath of [false, true]) {
    context.beginPath();
    for (const [place, to] of layout.places.entries()) {
      const run = runAt(draw.model, place);
      const from = run === undefined ? undefined : layout.places[run.parent];
      if (run === undefined || from === undefined || run.active > 0 !== onPath) continue;
      if (Math.max(from.x, to.x) < sight.left || Math.min(from.x, to.x) > sight.right) continue;
      if (to.y < sight.top || from.y > sight.bottom) continue;
      const middle = (from.y + RUN_HEIGHT + to.y) / 2;
      context.moveTo(from.x, from.y + RUN_HEIGHT);
      context.bezierCurveTo(from.x, middle, to.x, middle, to.x, to.y);
    }
    context.strokeStyle = onPath ? ink.ember : ink.line;
    context.lineWidth = (onPath ? 3 : 1.5) / Math.min(Math.max(scale, 0.1), 1);
    context.stroke();
  }
}

function drawRun(
  context: CanvasRenderingContext2D,
  { place, at, draw, ink, scale }: { place: number; at: RunPlace; draw: DrawOptions['draw']; ink: Ink; scale: number },
): void {
  const run = runAt(draw.model, place);
  if (run === undefined) return;
  const left = at.x - RUN_WIDTH / 2;
  const missed = draw.found !== null && !draw.found.has(place);
  context.globalAlpha = missed ? 0.3 : 1;
  context.beginPath();
  context.roundRect(left, at.y, RUN_WIDTH, RUN_HEIGHT, 12);
  context.fillStyle = place === draw.selected ? ink.glow : ink.card;
  context.fill();
  const marked = draw.model.marks.has(place);
  context.strokeStyle = run.active > 0 || place === draw.selected ? ink.ember : marked ? ink.ink : ink.line;
  context.lineWidth =
    (place === draw.selected || place === draw.model.here ? 3 : 1.5) / Math.min(Math.max(scale, 0.1), 1);
  context.stroke();
  if (scale >= READABLE) drawWords(context, { left, top: at.y, place, draw, ink });
  context.globalAlpha = 1;
}

function drawWords(
  context: CanvasRenderingContext2D,
  { left, top, place, draw, ink }: { left: number; top: number; place: number; draw: DrawOptions['draw']; ink: Ink },
): void {
  const names = draw.names(place);
  const room = RUN_WIDTH - 2 * PADDING;
  context.textBaseline = 'middle';
  context.fillStyle = ink.ink;
  context.font = `${names === '' ? 400 : 600} 13px "Inter Variable", sans-serif`;
  context.fillText(cutTo(context, names === '' ? draw.words(place) : names, room), left + PADDING, top + 19);
  context.fillStyle = ink.soft;
  context.font = '400 12px "Inter Variable", sans-serif';
  context.fillText(cutTo(context, draw.length(place), room), left + PADDING, top + 38);
}

function cutTo(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  const letters = Array.from(text);
  let [short, long] = [0, letters.length];
  while (short < long) {
    const middle = Math.ceil((short + long) / 2);
    if (context.measureText(`${letters.slice(0, middle).join('')}…`).width <= room) short = middle;
    else long = middle - 1;
  }
  return `${letters.slice(0, short).join('')}…`;
}
