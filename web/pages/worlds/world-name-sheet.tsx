import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../state/api.ts';
import { useGuard } from '../../state/use-guard.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Sheet } from '../../ui/sheet.tsx';

/** A new world begins with its name. */
export function WorldNameSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['worlds', 'common']);
  const guard = useGuard();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');

  async function create(): Promise<void> {
    const made = await guard(api.call('createWorld', { body: { name } }));
    if (!made) return;
    void queryClient.invalidateQueries({ queryKey: ['worlds'] });
    await navigate({ to: '/worlds/$worldId', params: { worldId: made.id } });
  }

  return (
    <Sheet title={t('worlds:create')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <TextInput
          data-autofocus
          label={t('worlds:name')}
          value={name}
          maxLength={100}
          required
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" disabled={name.trim() === ''}>
            {t('worlds:createAction')}
          </Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}
