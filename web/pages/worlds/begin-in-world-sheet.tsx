import { Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
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
import { worldQuery, worldsQuery } from './world-queries.ts';

/** Begins a conversation somewhere in a world; those who live there are offered first. */
export function BeginInWorldSheet({ world, onClose }: { world: World; onClose: () => void }) {
  const { t } = useTranslation('worlds');
  const { data: characters = [] } = useQuery(charactersQuery(currentLocale()));
  const livesHere = (id: string) => world.residents.some(({ characterId }) => characterId === id);
  const sorted = characters.toSorted((a, b) => Number(livesHere(b.id)) - Number(livesHere(a.id)));
  const [chosen, setChosen] = useState<string | null>(null);
  const characterId = chosen ?? sorted[0]?.id ?? '';
  return (
    <BeginSheet title={t('begin')} world={world} characterId={characterId} onClose={onClose}>
      <NativeSelect
        label={t('withWhom')}
        value={characterId}
        data={sorted.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
    </BeginSheet>
  );
}

/** The same from the side of a character: in which world, and where. */
export function BeginWithCharacterSheet({ characterId, onClose }: { characterId: string; onClose: () => void }) {
  const { t } = useTranslation('worlds');
  const { data: worlds = [] } = useQuery(worldsQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const worldId = chosen ?? worlds[0]?.id ?? '';
  const { data: world } = useQuery({ ...worldQuery(worldId), enabled: worldId !== '' });
  return (
    <BeginSheet key={worldId} title={t('beginIn')} world={world} characterId={characterId} onClose={onClose}>
      <NativeSelect
        label={t('world')}
        value={worldId}
        data={worlds.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
    </BeginSheet>
  );
}

interface BeginSheetProps {
  title: string;
  /** Undefined until it is read. */
  world: World | undefined;
  characterId: string;
  onClose: () => void;
  /** What else is chosen. */
  children: ReactNode;
}

function BeginSheet({ title, world, characterId, onClose, children }: BeginSheetProps) {
  const { t } = useTranslation(['worlds', 'common']);
  const guard = useGuard();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [place, setPlace] = useState<string | null | undefined>(undefined);
  const home = world?.residents.find((resident) => resident.characterId === characterId)?.placeId ?? null;
  const placeId = place === undefined ? home : place;

  async function begin(worldId: string): Promise<void> {
    const scene = { worldId, placeId };
    const body = { characterId, locale: currentLocale(), clientId: newClientId(), scene };
    const begun = await guard(api.call('createConversation', { body }));
    if (!begun) return;
    void queryClient.invalidateQueries({ queryKey: ['conversations'] });
    await navigate({ to: '/c/$conversationId', params: { conversationId: begun.id } });
  }

  return (
    <Sheet title={title} onClose={onClose}>
      <Stack>
        {children}
        <PlaceSelect label={t('worlds:where')} places={world?.places ?? []} value={placeId} onChange={setPlace} />
      </Stack>
      <ButtonRow>
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button disabled={characterId === '' || world === undefined} onClick={() => world && void begin(world.id)}>
          {t('worlds:beginAction')}
        </Button>
      </ButtonRow>
    </Sheet>
  );
}
