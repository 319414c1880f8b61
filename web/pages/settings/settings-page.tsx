import { useParams } from '@tanstack/react-router';
import { Suspense, lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { useMe } from '../../state/use-me.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { SectionedPage } from '../../ui/sectioned-page.tsx';

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
  data: lazy(async () => ({ default: (await import('./data-section.tsx')).DataSection })),
  keyboard: lazy(async () => ({ default: (await import('./keyboard-section.tsx')).KeyboardSection })),
  about: lazy(async () => ({ default: (await import('./about-section.tsx')).AboutSection })),
};
type SectionName = keyof typeof SECTIONS;

/** For the owner alone: what concerns the whole house. */
const OWNER_ONLY: ReadonlySet<SectionName> = new Set(['people', 'devices', 'providers', 'tools']);

/** Everything that can be set, one section at a time. */
export function SettingsPage() {
  const { t } = useTranslation(['settings', 'developers']);
  const me = useMe();
  const narrow = useIsNarrow();
  const { section: asked } = useParams({ strict: false });
  const names = sectionNames().filter((name) => me.role === 'owner' || !OWNER_ONLY.has(name));
  const chosen = asked ?? (narrow ? undefined : 'appearance');
  const section = names.find((name) => name === chosen);
  usePageTitle(section === undefined ? t('settings:title') : t(`settings:${section}.title`));
  if (chosen !== undefined && section === undefined) return <NotFoundPage />;
  return (
    <SectionedPage
      base="/settings"
      title={t('settings:title')}
      label={t('settings:sections')}
      sections={names.map((name) => ({ name, title: t(`settings:${name}.title`) }))}
      more={{ to: '/developers', title: t('developers:nav') }}
      current={section && { name: section, title: t(`settings:${section}.title`) }}
    >
      <Suspense fallback={<LoadingPage />}>{section !== undefined && <Section name={section} />}</Suspense>
    </SectionedPage>
  );
}

function sectionNames(): SectionName[] {
  return Object.keys(SECTIONS) as SectionName[];
}

function Section({ name }: { name: SectionName }) {
  const Chosen = SECTIONS[name];
  return <Chosen />;
}
