import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Character } from '../../../contract/characters.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { characterQuery } from '../../state/queries.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { useStartConversation } from '../../state/use-start-conversation.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { CharacterForm } from './character-form.tsx';
import type { CharacterValues } from './character-form.tsx';

const editRoute = getRouteApi('/inside/frame/characters/$characterId/edit');

const BLANK: CharacterValues = {
  name: '',
  tagline: '',
  description: '',
  personality: '',
  scenario: '',
  greeting: '',
  exampleDialogue: '',
  picture: null,
};

export function NewCharacterPage() {
  const { t } = useTranslation('characters');
  const queryClient = useQueryClient();
  const { start } = useStartConversation();
  usePageTitle(t('form.createTitle'));
  return (
    <CharacterForm
      title={t('form.createTitle')}
      initial={BLANK}
      keptPictureUrl={null}
      submitLabel={t('form.createAndTalk')}
      onSave={async (values) => {
        const character = await api.call('createCharacter', { body: values });
        await queryClient.invalidateQueries({ queryKey: ['characters'] });
        await start(character.id);
      }}
    />
  );
}

export function EditCharacterPage() {
  const { characterId } = editRoute.useParams();
  const query = useQuery({ ...characterQuery(characterId, currentLocale()), refetchOnWindowFocus: false });
  if (query.isError) return <NotFoundPage />;
  if (query.data === undefined) return <LoadingPage />;
  return <EditForm character={query.data} />;
}

function EditForm({ character }: { character: Character }) {
  const { t } = useTranslation('characters');
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const title = t('form.editTitle', { name: character.name });
  usePageTitle(title);
  const { name, tagline, description, personality, scenario, exampleDialogue } = character;
  const greeting = character.greetings[0] ?? '';
  return (
    <CharacterForm
      title={title}
      note={t('form.newVersionNote')}
      initial={{ name, tagline, description, personality, scenario, greeting, exampleDialogue, picture: null }}
      keptPictureUrl={character.pictureUrl}
      submitLabel={t('form.save')}
      onSave={async (values) => {
        const params = { id: character.id };
        await api.call('updateCharacter', { params, body: { ...values, expectedVersionId: character.versionId } });
        await queryClient.invalidateQueries({ queryKey: ['characters'] });
        await queryClient.invalidateQueries({ queryKey: ['character', character.id] });
        await navigate({ to: '/characters/$characterId', params: { characterId: character.id } });
      }}
    />
  );
}
