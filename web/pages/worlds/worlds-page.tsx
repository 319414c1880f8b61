import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { worldFileSchema } from '../../../contract/worlds.ts';
import type { WorldSummary } from '../../../contract/worlds.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { tellStoryTime } from '../../../contract/story-time.ts';
import { IconPlus } from '../../ui/icons.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Scene } from '../../ui/scene.tsx';
import { WorldNameSheet } from './world-name-sheet.tsx';
import { worldsQuery } from './world-queries.ts';
import classes from './worlds.module.css';

/** Places that conversations share. */
export function WorldsPage() {
  const { t } = useTranslation('worlds');
  const { data: worlds } = useQuery(worldsQuery);
  const [naming, setNaming] = useState(false);
  usePageTitle(t('title'));
  return (
    <div className={classes['page']}>
      <PageHeader title={t('title')} lead={t('lead')}>
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setNaming(true)}>
          {t('create')}
        </Button>
        <ImportButton />
      </PageHeader>
      {worlds?.length === 0 && <p className={classes['empty']}>{t('empty')}</p>}
      <ul className={classes['cards']}>
        {worlds?.map((world) => (
          <WorldCard key={world.id} world={world} />
        ))}
      </ul>
      {naming && <WorldNameSheet onClose={() => setNaming(false)} />}
    </div>
  );
}

function WorldCard({ world }: { world: WorldSummary }) {
  const { t } = useTranslation('worlds');
  const time = tellStoryTime(world.time, currentLocale());
  return (
    <li>
      <Link to="/worlds/$worldId" params={{ worldId: world.id }} className={classes['card']}>
        <span className={classes['cardScene']} aria-hidden>
          <Scene pictureUrl={world.pictureUrl} alt="" seed={world.id} />
        </span>
        <span className={classes['cardWords']}>
          <span className={classes['cardName']}>{world.name}</span>
          <span className={classes['soft']}>
            {t('placeCount', { count: world.placeCount })}
            {time !== '' && ` · ${time}`}
          </span>
          {world.proposalCount > 0 && (
            <span className={classes['badge']}>{t('proposalCount', { count: world.proposalCount })}</span>
          )}
        </span>
      </Link>
    </li>
  );
}

function ImportButton() {
  const { t } = useTranslation('worlds');
  const guard = useGuard();
  const navigate = useNavigate();

  async function take(file: File): Promise<void> {
    const read = worldFileSchema.safeParse(await readJson(file));
    if (!read.success) {
      showToast({ kind: 'error', text: t('notAWorld', { name: file.name }) });
      return;
    }
    const made = await guard(api.call('importWorld', { body: { file: read.data } }));
    if (made) await navigate({ to: '/worlds/$worldId', params: { worldId: made.id } });
  }

  return (
    <Button component="label" variant="default">
      {t('import')}
      <input
        type="file"
        accept=".json,application/json"
        className={classes['file']}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) void take(file);
        }}
      />
    </Button>
  );
}

async function readJson(file: File): Promise<unknown> {
  try {
    return JSON.parse(await file.text()) as unknown;
  } catch {
    return null;
  }
}
