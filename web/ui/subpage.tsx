import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconArrowLeft } from './icons.ts';
import { PageHeader } from './page-header.tsx';
import classes from './subpage.module.css';

export interface SubpageProps {
  title: string;
  lead?: string;
  /** Where the arrow leads. */
  back: '/settings' | '/presets';
  /** Beside the title. */
  menu?: ReactNode;
  children: ReactNode;
}

/** A page one step inside another: an arrow back, its name, and what it shows below each other. */
export function Subpage({ title, lead, back, menu, children }: SubpageProps) {
  const { t } = useTranslation('common');
  return (
    <div className={classes['page']}>
      <div className={classes['head']}>
        <Link to={back} className={classes['back']} aria-label={t('back')}>
          <IconArrowLeft size={22} aria-hidden />
        </Link>
        <PageHeader title={title} {...(lead === undefined ? {} : { lead })} />
        {menu}
      </div>
      {children}
    </div>
  );
}
