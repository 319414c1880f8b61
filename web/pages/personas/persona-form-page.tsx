import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Persona } from '../../../contract/personas.ts';
import { api } from '../../state/api.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { PersonaBooks } from './persona-books.tsx';
import { PersonaForm } from './persona-form.tsx';
import type { PersonaValues } from './persona-form.tsx';
import { personasQuery } from './persona-queries.ts';
import { PersonaUses } from './persona-uses.tsx';

const editRoute = getRouteApi('/inside/frame/personas/$personaId');

/** The first persona is meant to be used: it begins as the default. */
export function NewPersonaPage() {
  const { t } = useTranslation('personas');
  const { data: personas } = useQuery(personasQuery);
  const finish = useFinish();
  usePageTitle(t('form.createTitle'));
  if (personas === undefined) return <LoadingPage />;
  const blank: PersonaValues = {
    name: '',
    title: '',
    description: '',
    position: 'prompt',
    depth: 2,
    role: 'system',
    isDefault: personas.length === 0,
    picture: null,
  };
  return (
    <PersonaForm
      title={t('form.createTitle')}
      initial={blank}
      keptPictureUrl={null}
      submitLabel={t('form.createAction')}
      onSave={async (values) => {
        await api.call('createPersona', { body: values });
        await finish();
      }}
    />
  );
}

export function EditPersonaPage() {
  const { personaId } = editRoute.useParams();
  const query = useQuery({ ...personasQuery, refetchOnWindowFocus: false });
  const persona = query.data?.find(({ id }) => id === personaId);
  if (query.data === undefined && !query.isError) return <LoadingPage />;
  if (persona === undefined) return <NotFoundPage />;
  return <EditForm key={persona.id} persona={persona} />;
}

function EditForm({ persona }: { persona: Persona }) {
  const { t } = useTranslation('personas');
  const finish = useFinish();
  const heading = t('form.editTitle', { name: persona.name });
  usePageTitle(heading);
  const { name, title, description, position, depth, role, isDefault } = persona;
  return (
    <PersonaForm
      title={heading}
      initial={{ name, title, description, position, depth, role, isDefault, picture: null }}
      keptPictureUrl={persona.pictureUrl}
      submitLabel={t('form.save')}
      onSave={async (values) => {
        await api.call('updatePersona', { params: { id: persona.id }, body: values });
        await finish();
      }}
    >
      <PersonaBooks personaId={persona.id} />
      <PersonaUses persona={persona} onDeleted={finish} />
    </PersonaForm>
  );
}

function useFinish(): () => Promise<void> {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await queryClient.invalidateQueries({ queryKey: ['personas'] });
    await navigate({ to: '/personas' });
  };
}
