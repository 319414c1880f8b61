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
  start: lazy(async () => ({ default: (await import('./start/quick-start.tsx')).QuickStart })),
  playground: lazy(async () => ({ default: (await import('./playground/playground.tsx')).Playground })),
  keys: lazy(async () => ({ default: (await import('./keys/keys-section.tsx')).KeysSection })),
  teams: lazy(async () => ({ default: (await import('./keys/teams-section.tsx')).TeamsSection })),
  usage: lazy(async () => ({ default: (await import('./usage/usage-section.tsx')).UsageSection })),
  invoices: lazy(async () => ({ default: (await import('./invoices/invoices-section.tsx')).InvoicesSection })),
  logs: lazy(async () => ({ default: (await import('./logs/logs-section.tsx')).LogsSection })),
  webhooks: lazy(async () => ({ default: (await import('./webhooks/webhooks-section.tsx')).WebhooksSection })),
  quality: lazy(async () => ({ default: (await import('./quality/quality-section.tsx')).QualitySection })),
  reference: lazy(async () => ({ default: (await import('./reference/reference-section.tsx')).ReferenceSection })),
  prices: lazy(async () => ({ default: (await import('./prices/prices-section.tsx')).PricesSection })),
  limits: lazy(async () => ({ default: (await import('./limits/limits-section.tsx')).LimitsSection })),
  routes: lazy(async () => ({ default: (await import('./routes/routes-section.tsx')).RoutesSection })),
};
type SectionName = keyof typeof SECTIONS;

/** For the owner alone: what concerns the whole house. */
const OWNER_ONLY: ReadonlySet<SectionName> = new Set(['prices', 'limits', 'routes']);

/** What developers need to build on this house, one section at a time. */
export function DevelopersPage() {
  const { t } = useTranslation('developers');
  const me = useMe();
  const narrow = useIsNarrow();
  const { section: asked } = useParams({ strict: false });
  const names = sectionNames().filter((name) => me.role === 'owner' || !OWNER_ONLY.has(name));
  const chosen = asked ?? (narrow ? undefined : 'start');
  const section = names.find((name) => name === chosen);
  usePageTitle(section === undefined ? t('title') : t(`sections.${section}`));
  if (chosen !== undefined && section === undefined) return <NotFoundPage />;
  return (
    <SectionedPage
      base="/developers"
      title={t('title')}
      label={t('sectionsLabel')}
      sections={names.map((name) => ({ name, title: t(`sections.${name}`) }))}
      current={section && { name: section, title: t(`sections.${section}`), lead: t(`leads.${section}`) }}
      wide
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
