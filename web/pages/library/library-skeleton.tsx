import type { LibraryView } from './library-item.tsx';
import list from './library-list.module.css';
import classes from './library-page.module.css';

const PLACES = Array.from({ length: 12 }, (_, index) => index);

/** Where the portraits will be. */
export function LibrarySkeleton({ view }: { view: LibraryView }) {
  return (
    <div className={classes['skeleton']} data-view={view} aria-hidden>
      {PLACES.map((place) => (
        <div key={place} className={list['blank']} data-view={view} />
      ))}
    </div>
  );
}
