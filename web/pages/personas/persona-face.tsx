import classes from './personas.module.css';

export interface PersonaFaceProps {
  name: string;
  pictureUrl: string | null;
  size?: 'small' | 'medium';
}

/** A persona's picture in a circle, or the first letter of the name. The name stands beside it, so it is silent. */
export function PersonaFace({ name, pictureUrl, size = 'medium' }: PersonaFaceProps) {
  return (
    <span className={classes['face']} data-size={size} aria-hidden>
      {pictureUrl === null ? (
        (firstLetter(name) ?? '·')
      ) : (
        <img src={pictureUrl} alt="" draggable={false} decoding="async" />
      )}
    </span>
  );
}

function firstLetter(name: string): string | undefined {
  return Array.from(name.trim())[0]?.toLocaleUpperCase();
}
