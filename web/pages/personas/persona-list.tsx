import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Persona } from '../../../contract/personas.ts';
import { IconCheck, IconDots, IconPlus, IconTrash } from '../../ui/icons.ts';
import { PersonaFace } from './persona-face.tsx';
import { personasQuery } from './persona-queries.ts';
import classes from './personas.module.css';
import { useDefaultPersona } from './use-default-persona.ts';
import { useDeletePersona } from './use-delete-persona.ts';

/** The personas of a person: who is the default, and the way to each. */
export function PersonaList() {
  const { t } = useTranslation('personas');
  const { data: personas } = useQuery(personasQuery);
  return (
    <section className={classes['panel']} aria-label={t('title')}>
      <p className={classes['lead']}>{t('lead')}</p>
      {personas?.length === 0 && <p className={classes['empty']}>{t('empty')}</p>}
      {personas !== undefined && personas.length > 0 && (
        <ul className={classes['list']}>
          {personas.map((persona) => (
            <PersonaRow key={persona.id} persona={persona} />
          ))}
        </ul>
      )}
      <div>
        <Button
          leftSection={<IconPlus size={18} aria-hidden />}
          renderRoot={(props) => <Link {...props} to="/personas/new" />}
        >
          {t('create')}
        </Button>
      </div>
    </section>
  );
}

function PersonaRow({ persona }: { persona: Persona }) {
  const { t } = useTranslation('personas');
  const about = persona.title === '' ? persona.description : persona.title;
  return (
    <li className={classes['row']}>
      <Link to="/personas/$personaId" params={{ personaId: persona.id }} className={classes['rowLink']}>
        <PersonaFace name={persona.name} pictureUrl={persona.pictureUrl} />
        <span className={classes['words']}>
          <span className={classes['name']}>
            {persona.name}
            {persona.isDefault && <span className={classes['badge']}>{t('default')}</span>}
          </span>
          <span className={classes['about']}>{about === '' ? t('noDescription') : about}</span>
        </span>
      </Link>
      <PersonaMenu persona={persona} />
    </li>
  );
}

function PersonaMenu({ persona }: { persona: Persona }) {
  const { t } = useTranslation('personas');
  const setDefault = useDefaultPersona();
  const deletePersona = useDeletePersona();
  const { id, name, isDefault } = persona;
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <button type="button" className={classes['more']} aria-label={t('moreOf', { name })}>
          <IconDots size={20} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconCheck size={16} aria-hidden />}
          onClick={() => void setDefault(isDefault ? null : id)}
        >
          {isDefault ? t('unsetDefault') : t('setDefault')}
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => void deletePersona(persona)}>
          {t('delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
