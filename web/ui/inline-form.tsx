import type { ReactNode } from 'react';
import classes from './inline-form.module.css';

/** A field and its button on one line, below each other where there is no room. */
export function InlineForm({ children, onSubmit }: { children: ReactNode; onSubmit: () => Promise<void> }) {
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
    >
      {children}
    </form>
  );
}
