import classes from './scene.module.css';

export interface SceneProps {
  pictureUrl: string | null;
  /** Empty where the name stands beside it. */
  alt: string;
  /** Makes the plain dusk of a character without a picture its own. */
  seed: string;
  className?: string | undefined;
}

/** A character's picture, filling its box; without one, a quiet dusk in colours of its own. */
export function Scene({ pictureUrl, alt, seed, className }: SceneProps) {
  const names = className === undefined ? classes['scene'] : `${classes['scene']} ${className}`;
  if (pictureUrl !== null)
    return <img className={names} src={pictureUrl} alt={alt} draggable={false} decoding="async" />;
  return (
    <div
      className={names}
      style={{ background: duskOf(seed) }}
      role={alt === '' ? undefined : 'img'}
      aria-label={alt === '' ? undefined : alt}
    />
  );
}

const DUSKS = [
  ['#2e3a59', '#8a5a62', '#f2a65a'],
  ['#22333b', '#5b7a5e', '#c9b37e'],
  ['#2b2d42', '#5f5b8a', '#c490aa'],
  ['#33261f', '#8a4a2f', '#e8a33d'],
  ['#1c2a33', '#3c6471', '#a9c6c0'],
  ['#2a2233', '#6b4a6a', '#e0a58a'],
] as const;

function duskOf(seed: string): string {
  let hash = 0;
  for (const character of seed) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  const [top, middle, low] = DUSKS[hash % DUSKS.length] ?? DUSKS[0];
  return `linear-gradient(${top}, ${middle} 62%, ${low})`;
}
