import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsNarrow } from '../state/use-is-narrow.ts';
import { IconArrowLeft, IconChevronRight } from './icons.ts';
import { PageHeader } from './page-header.tsx';
import classes from './sectioned-page.module.css';

export interface SectionedPageProps<Name extends string> {
  /** Where the list of sections is; a section is one step below. */
  base: '/settings' | '/developers';
  title: string;
  /** What the list of sections is called. */
  label: string;
  sections: readonly { name: Name; title: string }[];
  current: { name: Name; title: string; lead?: string } | undefined;
  /** A page of its own that is looked for here. */
  more?: { to: '/developers'; title: string };
  /** For tables and charts. */
  wide?: boolean;
  children: ReactNode;
}

/** Wide: sections beside each other; narrow: the list of sections, then one of them. */
export function SectionedPage<Name extends string>({ current, wide = false, ...props }: SectionedPageProps<Name>) {
  const { t } = useTranslation('common');
  const narrow = useIsNarrow();
  return (
    <div className={classes['page']} data-narrow={narrow} data-wide={wide}>
      {(!narrow || current === undefined) && <SectionList {...props} narrow={narrow} current={current?.name} />}
      {current !== undefined && (
        <div className={classes['section']}>
          <div className={classes['sectionHead']}>
            {narrow && (
              <Link to={props.base} className={classes['back']} aria-label={t('back')}>
                <IconArrowLeft size={22} aria-hidden />
              </Link>
            )}
            <PageHeader title={current.title} {...(current.lead === undefined ? {} : { lead: current.lead })} />
          </div>
          {props.children}
        </div>
      )}
    </div>
  );
}

interface SectionListProps<Name extends string> {
  base: '/settings' | '/developers';
  title: string;
  label: string;
  sections: readonly { name: Name; title: string }[];
  more?: { to: '/developers'; title: string };
  narrow: boolean;
  current: Name | undefined;
}

function SectionList<Name extends string>({
  base,
  title,
  label,
  sections,
  more,
  narrow,
  current,
}: SectionListProps<Name>) {
  return (
    <nav className={classes['list']} aria-label={label}>
      {narrow ? <PageHeader title={title} /> : <p className={classes['listTitle']}>{title}</p>}
      <ul>
        {sections.map((section) => (
          <li key={section.name}>
            <Link
              to={`${base}/$section`}
              params={{ section: section.name }}
              className={classes['listLink']}
              aria-current={section.name === current ? 'page' : undefined}
            >
              {section.title}
              {narrow && <IconChevronRight size={18} aria-hidden />}
            </Link>
          </li>
        ))}
        {more !== undefined && (
          <li>
            <Link to={more.to} className={classes['listLink']}>
              {more.title}
              {narrow && <IconChevronRight size={18} aria-hidden />}
            </Link>
          </li>
        )}
      </ul>
    </nav>
  );
}
