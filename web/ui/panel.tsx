import type { ReactNode } from 'react';
import { useId } from 'react';
import classes from './panel.module.css';

/** A titled part of a settings page. */
export function Panel({ title, lead, children }: { title?: string; lead?: string; children?: ReactNode }) {
  const id = useId();
  return (
    <section className={classes['panel']} aria-labelledby={title === undefined ? undefined : id}>
      {title !== undefined && <h2 id={id}>{title}</h2>}
      {lead !== undefined && <p className={classes['lead']}>{lead}</p>}
      {children}
    </section>
  );
}

/** One thing in a panel's list: what it is, a line about it, and what can be done. */
export function PanelRow({ title, detail, children }: { title: ReactNode; detail?: ReactNode; children?: ReactNode }) {
  return (
    <li className={classes['row']}>
      <div className={classes['words']}>
        <div className={classes['title']}>{title}</div>
        {detail !== undefined && <div className={classes['detail']}>{detail}</div>}
      </div>
      {children !== undefined && <div className={classes['actions']}>{children}</div>}
    </li>
  );
}

export function PanelList({ children }: { children: ReactNode }) {
  return <ul className={classes['list']}>{children}</ul>;
}
