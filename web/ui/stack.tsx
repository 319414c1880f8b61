import type { ReactNode } from 'react';
import classes from './stack.module.css';

/** Things below each other with the house's usual gap. */
export function Stack({ children, gap = 'medium' }: { children: ReactNode; gap?: 'small' | 'medium' | 'large' }) {
  return (
    <div className={classes['stack']} data-gap={gap}>
      {children}
    </div>
  );
}
