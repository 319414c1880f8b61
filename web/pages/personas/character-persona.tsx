import { NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../state/api.ts';
import { useGuard } from '../../state/use-guard.ts';
import { Stack } from '../../ui/stack.tsx';
import { MakePersonaButton } from './make-persona-button.tsx';
import { personaOfCharacterQuery, personasQuery } from './persona-queries.ts';

export interface CharacterPersonaProps {
  characterId: string;
  name: string;
}

/** Who the person is to one character, and the way to be the character oneself. */
export function CharacterPersona({ characterId, name }: CharacterPersonaProps) {
  return (
    <Stack>
      <PersonaSelect characterId={characterId} name={name} />
      <MakePersonaButton characterId={characterId} name={name} />
    </Stack>
  );
}

/** Nothing while there is nobody to choose from. */
function PersonaSelect({ characterId, name }: CharacterPersonaProps) {
  const { t } = useTranslation('personas');
  const guard = useGuard();
  const queryClient = useQueryClient();
  const { data: personas = [] } = useQuery(personasQuery);
  const { data: chosen } = useQuery(personaOfCharacterQuery(characterId));
  if (personas.length === 0 || chosen === undefined) return null;
  const usual = personas.find(({ isDefault }) => isDefault);

  async function choose(personaId: string | null): Promise<void> {
    const params = { id: characterId };
    const saved = await guard(api.call('choosePersonaOfCharacter', { params, body: { personaId } }));
    if (saved === undefined) return;
    queryClient.setQueryData(personaOfCharacterQuery(characterId).queryKey, saved.personaId);
    await queryClient.invalidateQueries({ queryKey: ['personas'] });
  }

  return (
    <NativeSelect
      label={t('ofCharacter.label', { name })}
      description={t('ofCharacter.hint')}
      value={chosen ?? ''}
      maw={420}
      data={[
        {
          value: '',
          label: usual === undefined ? t('ofCharacter.usual') : t('ofCharacter.usualNamed', { name: usual.name }),
        },
        ...personas.map((persona) => ({
          value: persona.id,
          label: persona.title === '' ? persona.name : `${persona.name} · ${persona.title}`,
        })),
      ]}
      onChange={(event) => void choose(event.currentTarget.value === '' ? null : event.currentTarget.value)}
    />
  );
}
