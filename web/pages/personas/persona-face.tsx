import classes from './personas.module.css';

export interface PersonaFaceProps {
  name: string;
  pictureUrl: string | null;
}

/** A persona's picture in a circle, or the first letter of the name. The name stands beside it, so it is silent. */
export function PersonaFace({ name, pictureUrl }: PersonaFaceProps) {
  return (
    // The letter is a picture, drawn by the stylesheet: it is no part of the name of what it stands in.
    <span className={classes['face']} data-letter={pictureUrl === null ? firstLetter(name) : undefined} aria-hidden>
      {pictureUrl !== null && <img src={pictureUrl} alt="" draggable={false} decoding="async" />}
    </span>
  );
}

function firstLetter(name: string): string {
  return Array.from(name.trim())[0]?.toLocaleUpperCase() ?? '·';
}
