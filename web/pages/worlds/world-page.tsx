import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { World } from '../../../contract/worlds.ts';
import { api } from '../../state/api.ts';
import { useGuard } from '../../state/use-guard.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { IconArrowLeft, IconDownload, IconTrash } from '../../ui/icons.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AttachedBooks } from '../books/attached-books.tsx';
import { FactPanel } from './fact-panel.tsx';
import { PlacePanel } from './place-panel.tsx';
import { ProposalPanel } from './proposal-panel.tsx';
import { ResidentPanel } from './resident-panel.tsx';
import { useDeleteWorld } from './use-delete-world.ts';
import { WorldConversations } from './world-conversations.tsx';
import { WorldDetails } from './world-details.tsx';
import { worldQuery } from './world-queries.ts';
import classes from './worlds.module.css';

const route = getRouteApi('/inside/frame/worlds/$worldId');

export function WorldPage() {
  const { t } = useTranslation('worlds');
  const { worldId } = route.useParams();
  const query = useQuery(worldQuery(worldId));
  usePageTitle(query.data?.name ?? t('title'));
  if (query.isError) return <NotFoundPage />;
  if (query.data === undefined) return <LoadingPage />;
  return <WorldView world={query.data} />;
}

function WorldView({ world }: { world: World }) {
  const { t } = useTranslation(['worlds', 'common', 'books']);
  const navigate = useNavigate();
  const deleteWorld = useDeleteWorld();
  return (
    <article className={classes['page']}>
      <div className={classes['head']}>
        <Link to="/worlds" className={classes['back']} aria-label={t('common:back')}>
          <IconArrowLeft size={22} aria-hidden />
        </Link>
        <PageHeader title={world.name}>
          <ExportButton world={world} />
          <Button
            variant="default"
            leftSection={<IconTrash size={18} aria-hidden />}
            onClick={() => void deleteWorld(world).then((gone) => (gone ? navigate({ to: '/worlds' }) : undefined))}
          >
            {t('worlds:delete')}
          </Button>
        </PageHeader>
      </div>
      <ProposalPanel world={world} />
      <WorldDetails key={`${world.id} ${world.revision}`} world={world} />
      <PlacePanel world={world} />
      <ResidentPanel world={world} />
      <FactPanel world={world} />
      <Panel title={t('books:attached.world')} lead={t('worlds:loreLead')}>
        <AttachedBooks target={{ kind: 'world', id: world.id }} />
      </Panel>
      <WorldConversations world={world} />
    </article>
  );
}

function ExportButton({ world: { id, name } }: { world: World }) {
  const { t } = useTranslation('worlds');
  const guard = useGuard();

  async function save(): Promise<void> {
    const file = await guard(api.call('exportWorld', { params: { id } }));
    if (!file) return;
    const url = URL.createObjectURL(new Blob([JSON.stringify(file, null, 2)], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${name.replaceAll(/[\\/:*?"<>|]/g, ' ').trim() || 'world'}.world.json`;
    link.click();
    URL.revokeObjectURL(url);
  }

  return (
    <Button variant="default" leftSection={<IconDownload size={18} aria-hidden />} onClick={() => void save()}>
      {t('export')}
    </Button>
  );
}
