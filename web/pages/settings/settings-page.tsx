import { Link, useParams } from '@tanstack/react-router';
import { Suspense, lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { useMe } from '../../state/use-me.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { IconArrowLeft, IconChevronRight } from '../../ui/icons.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import classes from './settings.module.css';

const SECTIONS = {
  appearance: lazy(async () => ({ default: (await import('./appearance-section.tsx')).AppearanceSection })),
  account: lazy(async () => ({ default: (await import('./account-section.tsx')).AccountSection })),
  personas: lazy(async () => ({ default: (await import('../personas/persona-list.tsx')).PersonaList })),
  presets: lazy(async () => ({ default: (await import('../presets/preset-list.tsx')).PresetList })),
  replies: lazy(async () => ({ default: (await import('./quick-replies-section.tsx')).QuickRepliesSection })),
  people: lazy(async () => ({ default: (await import('./people-section.tsx')).PeopleSection })),
  devices: lazy(async () => ({ default: (await import('./devices-section.tsx')).DevicesSection })),
  voices: lazy(async () => ({ default: (await import('../voices/voices-section.tsx')).VoicesSection })),
  models: lazy(async () => ({ default: (await import('./models-section.tsx')).ModelsSection })),
  providers: lazy(async () => ({ default: (await import('./providers-section.tsx')).ProvidersSection })),
  tools: lazy(async () => ({ default: (await import('../tools/tools-section.tsx')).ToolsSection })),
  keys: lazy(async () => ({ default: (await import('./keys-section.tsx')).KeysSection })),
  data: lazy(async () => ({ default: (await import('./data-section.tsx')).DataSection })),
  keyboard: lazy(async () => ({ default: (await import('./keyboard-section.tsx')).KeyboardSection })),
  about: lazy(async () => ({ default: (await import('./about-section.tsx')).AboutSection })),
};
type SectionName = keyof typeof SECTIONS;

/** For the owner alone: what concerns the whole house. */
const OWNER_ONLY: ReadonlySet<SectionName> = new Set(['people', 'devices', 'providers', 'tools']);

/** Wide: sections beside each other; narrow: the list of sections, then one of them. */
export function SettingsPage() {
  const { t } = useTranslation(['settings', 'common']);
  const me = useMe();
  const narrow = useIsNarrow();
  const { section: asked } = useParams({ strict: false });
  const names = sectionNames().filter((name) => me.role === 'owner' || !OWNER_ONLY.has(name));
  const chosen = asked ?? (narrow ? undefined : 'appearance');
  const section = names.find((name) => name === chosen);
  usePageTitle(section === undefined ? t('settings:title') : t(`settings:${section}.title`));
  if (chosen !== undefined && section === undefined) return <NotFoundPage />;
  return (
    <div className={classes['page']} data-narrow={narrow}>
      {(!narrow || section === undefined) && <SectionList names={names} narrow={narrow} current={section} />}
      {section !== undefined && (
        <div className={classes['section']}>
          <div className={classes['sectionHead']}>
            {narrow && (
              <Link to="/settings" className={classes['back']} aria-label={t('common:back')}>
                <IconArrowLeft size={22} aria-hidden />
              </Link>
            )}
            <PageHeader title={t(`settings:${section}.title`)} />
          </div>
          <Suspense fallback={<LoadingPage />}>
            <Section name={section} />
          </Suspense>
        </div>
      )}
    </div>
  );
}

function sectionNames(): SectionName[] {
  return Object.keys(SECTIONS) as SectionName[];
}

function Section({ name }: { name: SectionName }) {
  const Chosen = SECTIONS[name];
  return <Chosen />;
}

interface SectionListProps {
  names: readonly SectionName[];
  narrow: boolean;
  current: SectionName | undefined;
}

function SectionList({ names, narrow, current }: SectionListProps) {
  const { t } = useTranslation('settings');
  return (
    <nav className={classes['list']} aria-label={t('sections')}>
      {narrow ? <PageHeader title={t('title')} /> : <p className={classes['listTitle']}>{t('title')}</p>}
      <ul>
        {names.map((name) => (
          <li key={name}>
            <Link
              to="/settings/$section"
              params={{ section: name }}
              className={classes['listLink']}
              aria-current={name === current ? 'page' : undefined}
            >
              {t(`${name}.title`)}
              {narrow && <IconChevronRight size={18} aria-hidden />}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
