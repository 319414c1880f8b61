import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import type { Persona } from '../../../contract/personas.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';
import { useMe } from '../../state/use-me.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { IconCheck } from '../../ui/icons.ts';
import { Sheet } from '../../ui/sheet.tsx';
import classes from './persona-chip.module.css';
import { GuestPersonaSheet } from './guest-persona-sheet.tsx';
import { PersonaFace } from './persona-face.tsx';
import { personaOfCharacterQuery, personasQuery } from './persona-queries.ts';

interface Choice {
  /** Null = as usual. */
  personaId: string | null;
  name: string;
}

export interface PersonaSheetProps {
  conversation: Conversation;
  hasPastBut: (name: string) => boolean;
  onClose: () => void;
}

/** Choosing who one is in a conversation; where the past has another name, what becomes of it. */
export function PersonaSheet({ conversation, hasPastBut, onClose }: PersonaSheetProps) {
  const { t } = useTranslation('personas');
  const { role } = useMe();
  const guard = useGuard();
  const [asked, setAsked] = useState<Choice | null>(null);

  async function apply({ personaId, name }: Choice, renamePast: boolean): Promise<void> {
    const params = { id: conversation.id };
    const changed = await guard(api.call('choosePersona', { params, body: { personaId, renamePast } }));
    if (changed === undefined) return;
    onClose();
    if (name !== '') showToast({ text: t('choice.changed', { name }) });
  }

  // Guests have no shelf of personas: only who they are here.
  if (role === 'guest') return <GuestPersonaSheet {...{ conversation, onClose }} />;
  if (asked !== null) {
    return (
      <Sheet title={t('choice.askTitle')} onClose={onClose}>
        <p>{t('choice.ask', { name: asked.name })}</p>
        <ButtonRow>
          <Button variant="default" onClick={() => void apply(asked, true)}>
            {t('choice.rename')}
          </Button>
          <Button data-autofocus onClick={() => void apply(asked, false)}>
            {t('choice.keep')}
          </Button>
        </ButtonRow>
      </Sheet>
    );
  }
  return (
    <Sheet title={t('choice.title')} onClose={onClose}>
      <Choices
        conversation={conversation}
        onChoose={(choice) => {
          if (choice.name !== '' && hasPastBut(choice.name)) setAsked(choice);
          else void apply(choice, false);
        }}
      />
    </Sheet>
  );
}

function Choices({ conversation, onChoose }: { conversation: Conversation; onChoose: (choice: Choice) => void }) {
  const { t } = useTranslation('personas');
  const { data: personas = [] } = useQuery(personasQuery);
  const usual = useUsual(conversation.character.id, personas);
  const chosen = conversation.persona?.source === 'conversation' ? conversation.persona.id : null;
  const rows: (Choice & { title: string; about: string; pictureUrl: string | null })[] = [
    {
      personaId: null,
      name: usual.name,
      title: t('choice.usual'),
      about: usual.name === '' ? t('choice.plain') : usual.name,
      pictureUrl: usual.pictureUrl,
    },
    ...personas.map(({ id, name, title, pictureUrl }) => ({
      personaId: id,
      name,
      title: name,
      about: title,
      pictureUrl,
    })),
  ];
  return (
    <>
      <ul className={classes['choices']}>
        {rows.map(({ personaId, name, title, about, pictureUrl }) => (
          <li key={personaId ?? ''}>
            <button
              type="button"
              className={classes['choice']}
              aria-pressed={personaId === chosen}
              onClick={() => onChoose({ personaId, name })}
            >
              <PersonaFace name={name} pictureUrl={pictureUrl} />
              <span className={classes['words']}>
                <span>{title}</span>
                {about !== '' && <small>{about}</small>}
              </span>
              {personaId === chosen && <IconCheck className={classes['check']} size={20} aria-hidden />}
            </button>
          </li>
        ))}
      </ul>
      <p className={classes['foot']}>
        <Link to="/personas">{t('choice.manage')}</Link>
        <Link to="/personas/new">{t('create')}</Link>
      </p>
    </>
  );
}

/** Who the person is where the conversation does not say: the character's persona, the default, the account. */
function useUsual(characterId: string, personas: readonly Persona[]): { name: string; pictureUrl: string | null } {
  const me = useMe();
  const { data: ofCharacter } = useQuery(personaOfCharacterQuery(characterId));
  const persona = personas.find(({ id }) => id === ofCharacter) ?? personas.find(({ isDefault }) => isDefault);
  return persona ?? { name: me.name, pictureUrl: null };
}
