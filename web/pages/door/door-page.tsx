import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../state/use-page-title.ts';
import classes from './door-page.module.css';

/** The frame of the pages before one is inside. */
export function DoorPage({ title, lead, children }: { title: string; lead?: string; children?: ReactNode }) {
  const { t } = useTranslation();
  usePageTitle(title);
  return (
    <main className={classes['page']}>
      <div className={classes['card']}>
        <p className={classes['brand']}>
          {t('app')} <small>{t('appSubtitle')}</small>
        </p>
        <h1>{title}</h1>
        {lead !== undefined && <p className={classes['lead']}>{lead}</p>}
        {children}
      </div>
    </main>
  );
}
