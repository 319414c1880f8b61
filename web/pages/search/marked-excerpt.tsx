import type { ReactNode } from 'react';
import type { SearchHit } from '../../../contract/search.ts';
import classes from './search.module.css';

/** A line of a message with what was looked for marked in it. */
export function MarkedExcerpt({ excerpt }: { excerpt: SearchHit['excerpt'] }) {
  const { text, marks, cutBefore, cutAfter } = excerpt;
  const pieces: ReactNode[] = [];
  let from = 0;
  for (const [start, end] of marks) {
    pieces.push(text.slice(from, start), <mark key={start}>{text.slice(start, end)}</mark>);
    from = end;
  }
  pieces.push(text.slice(from));
  return (
    <span className={classes['excerpt']}>
      {cutBefore && '… '}
      {pieces}
      {cutAfter && ' …'}
    </span>
  );
}
