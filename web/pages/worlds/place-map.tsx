import { useTranslation } from 'react-i18next';
import type { Place } from '../../../contract/worlds.ts';
import classes from './worlds.module.css';

const WIDTH = 640;
const HEIGHT = 300;
/** More would hide each other; the list below has them all. */
const MOST_PLACES = 40;

/** Where one gets from where; what lies in another place hangs on it by a dotted line. */
export function PlaceMap({ places }: { places: readonly Place[] }) {
  const { t } = useTranslation('worlds');
  const shown = places.slice(0, MOST_PLACES);
  if (shown.length < 2) return null;
  const points = new Map(shown.map((place, index) => [place.id, pointOf(index, shown.length)]));
  const lines = shown.flatMap((place) => [
    ...place.connections.filter((id) => place.id < id).map((id) => ({ from: place.id, to: id, isInside: false })),
    ...(place.parentId === null ? [] : [{ from: place.id, to: place.parentId, isInside: true }]),
  ]);
  return (
    <svg className={classes['map']} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t('map')}>
      {lines.map(({ from, to, isInside }) => {
        const [a, b] = [points.get(from), points.get(to)];
        if (!a || !b) return null;
        return <line key={`${from} ${to} ${isInside}`} x1={a.x} y1={a.y} x2={b.x} y2={b.y} data-inside={isInside} />;
      })}
      {shown.map((place) => {
        const point = points.get(place.id);
        if (!point) return null;
        return (
          <g key={place.id}>
            <circle cx={point.x} cy={point.y} r={7} />
            <text x={point.x} y={point.y - 14} textAnchor="middle">
              {shortName(place.name)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** On an ellipse, the first place at its top. */
function pointOf(index: number, count: number): { x: number; y: number } {
  const angle = (index / count) * 2 * Math.PI - Math.PI / 2;
  return { x: WIDTH / 2 + Math.cos(angle) * (WIDTH / 2 - 90), y: HEIGHT / 2 + 8 + Math.sin(angle) * (HEIGHT / 2 - 40) };
}

function shortName(name: string): string {
  return name.length > 18 ? `${Array.from(name).slice(0, 17).join('')}…` : name;
}
