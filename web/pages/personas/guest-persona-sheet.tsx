import { Button, TextInput, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import type { Persona } from '../../../contract/personas.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';
import { useMe } from '../../state/use-me.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Stack } from '../../ui/stack.tsx';
import { personasQuery } from './persona-queries.ts';

export interface GuestPersonaSheetProps {
  conversation: Conversation;
  onClose: () => void;
}

/** Who somebody without an account is in a room: a name, and what the characters know about them. */
export function GuestPersonaSheet({ conversation, onClose }: GuestPersonaSheetProps) {
  const { t } = useTranslation('personas');
  const { data: personas } = useQuery(personasQuery);
  const persona = personas?.find(({ id }) => id === conversation.persona?.id) ?? null;
  return (
    <Sheet title={t('choice.title')} onClose={onClose}>
      {personas === undefined ? <LoadingPage /> : <GuestForm {...{ conversation, persona, onClose }} />}
    </Sheet>
  );
}

interface GuestFormProps extends GuestPersonaSheetProps {
  persona: Persona | null;
}

function GuestForm(props: GuestFormProps) {
  const { persona } = props;
  const { t } = useTranslation('personas');
  const me = useMe();
  const [name, setName] = useState(persona?.name ?? me.name);
  const [description, setDescription] = useState(persona?.description ?? '');
  const { choose, save } = useGuestPersona(props);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save({ name: name.trim(), description });
      }}
    >
      <Stack>
        <TextInput
          label={t('form.name')}
          description={t('guest.nameHint')}
          required
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={t('form.description')}
          description={t('guest.descriptionHint')}
          autosize
          minRows={3}
          maxRows={8}
          maxLength={4000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
      </Stack>
      <ButtonRow>
        {persona !== null && (
          <Button variant="default" onClick={() => void choose(null, me.name)}>
            {t('guest.plain', { name: me.name })}
          </Button>
        )}
        <Button type="submit" disabled={name.trim() === ''}>
          {t('form.save')}
        </Button>
      </ButtonRow>
    </form>
  );
}

function useGuestPersona({ conversation, persona, onClose }: GuestFormProps) {
  const { t } = useTranslation('personas');
  const guard = useGuard();
  const queryClient = useQueryClient();

  async function choose(personaId: string | null, called: string): Promise<void> {
    const params = { id: conversation.id };
    const chosen = await guard(api.call('choosePersona', { params, body: { personaId, renamePast: false } }));
    if (chosen === undefined) return;
    onClose();
    showToast({ text: t('choice.changed', { name: called }) });
  }

  async function save(body: { name: string; description: string }): Promise<void> {
    const saved = await guard(
      persona === null
        ? api.call('createPersona', { body })
        : api.call('updatePersona', { params: { id: persona.id }, body }),
    );
    if (saved === undefined) return;
    await queryClient.invalidateQueries({ queryKey: personasQuery.queryKey });
    await choose(saved.id, saved.name);
  }

  return { choose, save };
}
