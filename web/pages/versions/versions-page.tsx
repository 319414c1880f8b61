import { Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VersionSummary } from '../../../contract/character-fields.ts';
import type { Character } from '../../../contract/characters.ts';
import { api } from '../../state/api.ts';
import { formatDateTime } from '../../state/format.ts';
import { currentLocale } from '../../state/i18n.ts';
import { characterFieldsQuery, characterQuery, characterVersionsQuery } from '../../state/queries.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { IconArrowLeft, IconCopy, IconPencil } from '../../ui/icons.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Scene } from '../../ui/scene.tsx';
import { VersionDiff } from './version-diff.tsx';
import { useForkCharacter } from './use-fork-character.ts';
import classes from './versions-page.module.css';

const route = getRouteApi('/inside/frame/characters/$characterId/versions');

/** What a character was: every version, what changed between two, and the way back. */
export function VersionsPage() {
  const { characterId } = route.useParams();
  const character = useQuery(characterQuery(characterId, currentLocale()));
  const versions = useQuery(characterVersionsQuery(characterId));
  if (character.isError || versions.isError) return <NotFoundPage />;
  if (character.data === undefined || versions.data === undefined) return <LoadingPage />;
  return <History key={versions.data.length} character={character.data} versions={versions.data} />;
}

function History({ character, versions }: { character: Character; versions: readonly VersionSummary[] }) {
  const { t } = useTranslation('editor');
  const [newer, setNewer] = useState(versions[0]?.versionId ?? '');
  const [older, setOlder] = useState((versions[1] ?? versions[0])?.versionId ?? '');
  const title = t('versions.title', { name: character.name });
  usePageTitle(title);
  const options = versions.map(({ versionId, version, createdAt }) => ({
    value: versionId,
    label: `${t('versions.one', { number: version })} · ${formatDateTime(createdAt)}`,
  }));
  return (
    <article className={classes['page']}>
      <PageHeader title={title} lead={t('versions.lead')}>
        <HeaderButtons character={character} />
      </PageHeader>
      <ForkOrigin characterId={character.id} />
      {versions.length === 1 ? (
        <p className={classes['hint']}>{t('versions.only')}</p>
      ) : (
        <>
          <div className={classes['choice']}>
            <NativeSelect
              label={t('versions.older')}
              value={older}
              data={options}
              size="md"
              onChange={(event) => setOlder(event.currentTarget.value)}
            />
            <NativeSelect
              label={t('versions.newer')}
              value={newer}
              data={options}
              size="md"
              onChange={(event) => setNewer(event.currentTarget.value)}
            />
          </div>
          <VersionDiff characterId={character.id} olderId={older} newerId={newer} />
        </>
      )}
      <h2>{t('versions.list')}</h2>
      <ol className={classes['list']}>
        {versions.map((version) => (
          <VersionRow key={version.versionId} version={version} character={character} />
        ))}
      </ol>
    </article>
  );
}

function HeaderButtons({ character }: { character: Character }) {
  const { t } = useTranslation(['editor', 'common']);
  const { fork, forking } = useForkCharacter();
  const params = { characterId: character.id };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconArrowLeft size={18} aria-hidden />}
        renderRoot={(props) => <Link {...props} to="/characters/$characterId" params={params} />}
      >
        {t('common:back')}
      </Button>
      {character.mine && (
        <Button
          variant="default"
          leftSection={<IconPencil size={18} aria-hidden />}
          renderRoot={(props) => <Link {...props} to="/characters/$characterId/edit" params={params} />}
        >
          {t('editor:versions.edit')}
        </Button>
      )}
      <Button
        variant="default"
        loading={forking}
        leftSection={<IconCopy size={18} aria-hidden />}
        onClick={() => void fork(character.id)}
      >
        {character.mine ? t('editor:versions.fork') : t('editor:versions.makeMine')}
      </Button>
    </>
  );
}

function ForkOrigin({ characterId }: { characterId: string }) {
  const { t } = useTranslation('editor');
  const { data } = useQuery(characterFieldsQuery(characterId, currentLocale()));
  if (data === undefined || data.forkOf === null) return null;
  const { characterId: source, name, version } = data.forkOf;
  return (
    <p className={classes['hint']}>
      <Link to="/characters/$characterId" params={{ characterId: source }}>
        {t('versions.forkOf', { name, version })}
      </Link>
    </p>
  );
}

function VersionRow({ version, character }: { version: VersionSummary; character: Character }) {
  const { t } = useTranslation('editor');
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const guard = useGuard();
  const [busy, setBusy] = useState(false);
  const number = version.version;

  async function restore(): Promise<void> {
    setBusy(true);
    const restored = await guard(
      api.call('restoreVersion', {
        params: { id: character.id },
        query: { locale: currentLocale() },
        body: { versionId: version.versionId, expectedVersionId: character.versionId },
      }),
    );
    setBusy(false);
    // When somebody saved in between, the list is old: what is there now is shown, then asked again.
    await queryClient.invalidateQueries({ queryKey: ['character', character.id] });
    await queryClient.invalidateQueries({ queryKey: ['characters'] });
    if (restored === undefined) return;
    showToast({ text: t('versions.restored', { number }) });
    await navigate({ to: '/characters/$characterId/versions', params: { characterId: character.id } });
  }

  return (
    <li className={classes['row']}>
      <div className={classes['thumb']}>
        <Scene pictureUrl={version.pictureUrl} alt="" seed={character.id} />
      </div>
      <div className={classes['words']}>
        <b>
          {t('versions.one', { number })}
          {version.newest && <span className={classes['newest']}>{t('versions.newest')}</span>}
        </b>
        <span className={classes['hint']}>{formatDateTime(version.createdAt)}</span>
      </div>
      {character.mine && !version.newest && (
        <Button variant="default" loading={busy} onClick={() => void restore()}>
          {t('versions.restore', { number })}
        </Button>
      )}
    </li>
  );
}
