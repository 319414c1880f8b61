import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Persona } from '../../../contract/personas.ts';
import { currentLocale } from '../../state/i18n.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { IconTrash } from '../../ui/icons.ts';
import { charactersOfPersonaQuery } from './persona-queries.ts';
import classes from './personas.module.css';
import { useMakeCharacter } from './use-convert.ts';
import { useDeletePersona } from './use-delete-persona.ts';

/** Which characters meet the person as this one, and the way to part with it. */
export function PersonaUses({ persona, onDeleted }: { persona: Persona; onDeleted: () => Promise<void> }) {
  const { t } = useTranslation('personas');
  const { data: characters } = useQuery(charactersOfPersonaQuery(persona.id, currentLocale()));
  const deletePersona = useDeletePersona();
  const makeCharacter = useMakeCharacter();
  return (
    <>
      <section className={`${classes['part']} ${classes['uses']}`}>
        <h2>{t('form.uses')}</h2>
        {characters?.length === 0 && <p className={classes['hint']}>{t('form.noUses')}</p>}
        {characters !== undefined && characters.length > 0 && (
          <ul>
            {characters.map(({ id, name }) => (
              <li key={id}>
                <Link to="/characters/$characterId" params={{ characterId: id }}>
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </section>
      <ButtonRow>
        <Button variant="default" onClick={() => void makeCharacter(persona)}>
          {t('convert.toCharacter')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconTrash size={18} aria-hidden />}
          onClick={() => void deletePersona(persona).then((gone) => (gone ? onDeleted() : undefined))}
        >
          {t('delete')}
        </Button>
      </ButtonRow>
    </>
  );
}
