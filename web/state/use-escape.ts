import { useEffect } from 'react';
import { isDialogOpen } from './is-dialog-open.ts';

/** Escape ends what is under way on the page, unless a dialog or something nearer takes it. */
export function useEscape(end: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !isDialogOpen()) end();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  });
}
