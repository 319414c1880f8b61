import { Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { World } from '../../../contract/worlds.ts';
import { api, newClientId } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { charactersQuery } from '../../state/queries.ts';
import { useGuard } from '../../state/use-guard.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Stack } from '../../ui/stack.tsx';
import { PlaceSelect } from './place-select.tsx';

/** Begins a conversation somewhere in a world; those who live there are offered first. */
export function BeginInWorldSheet({ world, onClose }: { world: World; onClose: () => void }) {
  const { t } = useTranslation(['worlds', 'common']);
  const guard = useGuard();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { data: characters = [] } = useQuery(charactersQuery(currentLocale()));
  const livesHere = (id: string) => world.residents.find(({ characterId }) => characterId === id);
  const sorted = characters.toSorted((a, b) => Number(Boolean(livesHere(b.id))) - Number(Boolean(livesHere(a.id))));
  const [chosen, setChosen] = useState<string | null>(null);
  const characterId = chosen ?? sorted[0]?.id ?? '';
  const [place, setPlace] = useState<string | null | undefined>(undefined);
  const placeId = place === undefined ? (livesHere(characterId)?.placeId ?? null) : place;

  async function begin(): Promise<void> {
    const scene = { worldId: world.id, placeId };
    const body = { characterId, locale: currentLocale(), clientId: newClientId(), scene };
    const begun = await guard(api.call('createConversation', { body }));
    if (!begun) return;
    void queryClient.invalidateQueries({ queryKey: ['conversations'] });
    await navigate({ to: '/c/$conversationId', params: { conversationId: begun.id } });
  }

  return (
    <Sheet title={t('worlds:begin')} onClose={onClose}>
      <Stack>
        <NativeSelect
          label={t('worlds:withWhom')}
          value={characterId}
          data={sorted.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        <PlaceSelect label={t('worlds:where')} places={world.places} value={placeId} onChange={setPlace} />
      </Stack>
      <ButtonRow>
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button disabled={characterId === ''} onClick={() => void begin()}>
          {t('worlds:beginAction')}
        </Button>
      </ButtonRow>
    </Sheet>
  );
}
