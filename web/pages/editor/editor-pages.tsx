import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../client/api-error.ts';
import type { CharacterVersion } from '../../../contract/character-fields.ts';
import type { CreateCharacter } from '../../../contract/characters.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { characterFieldsQuery } from '../../state/queries.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { useStartConversation } from '../../state/use-start-conversation.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { useForkCharacter } from '../versions/use-fork-character.ts';
import { CharacterEditor } from './character-editor.tsx';
import { BLANK } from './editor-values.ts';
import classes from './editor.module.css';
import { SaveConflict } from './save-conflict.tsx';

const editRoute = getRouteApi('/inside/frame/characters/$characterId/edit');

export function NewCharacterPage() {
  const { t } = useTranslation('editor');
  const queryClient = useQueryClient();
  const { start } = useStartConversation();
  usePageTitle(t('createTitle'));
  return (
    <CharacterEditor
      id="new"
      title={t('createTitle')}
      base={null}
      initial={BLANK}
      submitLabel={t('createAndTalk')}
      onSave={async (body) => {
        const character = await api.call('createCharacter', { body, query: { locale: currentLocale() } });
        await queryClient.invalidateQueries({ queryKey: ['characters'] });
        return () => start(character.id);
      }}
    />
  );
}

export function EditCharacterPage() {
  const { characterId } = editRoute.useParams();
  const query = useQuery({
    ...characterFieldsQuery(characterId, currentLocale()),
    refetchOnWindowFocus: false,
    refetchOnMount: 'always',
  });
  if (query.isError) return <NotFoundPage />;
  // What was looked at before may be old; what is fetched later must not take the form away.
  if (query.data === undefined || !query.isFetchedAfterMount) return <LoadingPage />;
  if (!query.data.mine) return <StarterPage starter={query.data} />;
  return <EditForm key={characterId} first={query.data} />;
}

/** The house's own characters stay as they are; a copy is one tap away. */
function StarterPage({ starter }: { starter: CharacterVersion }) {
  const { t } = useTranslation('editor');
  const { fork, forking } = useForkCharacter();
  const title = t('editTitle', { name: starter.fields.nickname || starter.fields.name });
  usePageTitle(title);
  return (
    <div className={classes['fields']}>
      <PageHeader title={title} lead={t('starter')} />
      <div>
        <Button size="md" loading={forking} onClick={() => void fork(starter.characterId)}>
          {t('versions.makeMine')}
        </Button>
      </div>
    </div>
  );
}

function EditForm({ first }: { first: CharacterVersion }) {
  const { t } = useTranslation('editor');
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  /** What the form builds on; pictures added meanwhile make it newer. */
  const [base, setBase] = useState(first);
  const [conflict, setConflict] = useState(false);
  const title = t('editTitle', { name: first.fields.nickname || first.fields.name });
  usePageTitle(title);
  const { characterId } = first;

  async function save(body: CreateCharacter, expectedVersionId: string): Promise<() => Promise<void>> {
    try {
      const params = { id: characterId };
      await api.call('updateCharacter', {
        params,
        query: { locale: currentLocale() },
        body: { ...body, expectedVersionId },
      });
    } catch (error) {
      if (error instanceof ApiError && error.code === 'version-conflict') setConflict(true);
      throw error;
    }
    setConflict(false);
    await queryClient.invalidateQueries({ queryKey: ['characters'] });
    await queryClient.invalidateQueries({ queryKey: ['character', characterId] });
    return () => navigate({ to: '/characters/$characterId', params: { characterId } });
  }

  return (
    <CharacterEditor
      id={characterId}
      title={title}
      note={t('newVersionNote')}
      base={base}
      initial={{ ...first.fields, picture: null }}
      submitLabel={t('save')}
      onSave={(body) => save(body, base.versionId)}
      onBase={setBase}
      conflict={
        conflict && (
          <SaveConflict
            characterId={characterId}
            onTakeOver={async () =>
              setBase(
                await api.call('characterFields', { params: { id: characterId }, query: { locale: currentLocale() } }),
              )
            }
            onResolved={() => setConflict(false)}
          />
        )
      }
    />
  );
}
