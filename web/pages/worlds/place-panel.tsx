import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place, World } from '../../../contract/worlds.ts';
import { newClientId } from '../../state/api.ts';
import { IconPencil, IconPlus, IconTrash } from '../../ui/icons.ts';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';
import { PlaceMap } from './place-map.tsx';
import { PlaceSheet } from './place-sheet.tsx';
import { useSaveWorld } from './use-world-change.ts';
import classes from './worlds.module.css';

/** The places of a world, as a list and as a map of how one gets about. */
export function PlacePanel({ world }: { world: World }) {
  const { t } = useTranslation('worlds');
  const save = useSaveWorld(world);
  const { places } = world;
  const [edited, setEdited] = useState<Place | null>(null);
  const blank = () => ({ id: newClientId(), name: '', description: '', parentId: null, connections: [], tags: [] });

  async function keep(place: Place): Promise<void> {
    const rest = places.filter(({ id }) => id !== place.id).map((other) => connected(other, place));
    const at = places.findIndex(({ id }) => id === place.id);
    if (await save({ places: at === -1 ? [...rest, place] : rest.toSpliced(at, 0, place) })) setEdited(null);
  }
  async function remove({ id }: Place): Promise<void> {
    const left = places
      .filter((place) => place.id !== id)
      .map((place) => ({
        ...place,
        parentId: place.parentId === id ? null : place.parentId,
        connections: place.connections.filter((other) => other !== id),
      }));
    const residents = world.residents.map((one) => (one.placeId === id ? { ...one, placeId: null } : one));
    await save({ places: left, residents });
  }

  return (
    <Panel title={t('places')} lead={t('placesLead')}>
      <PlaceMap places={places} />
      <PanelList>
        {places.map((place) => (
          <PanelRow key={place.id} title={place.name} detail={<PlaceDetail place={place} places={places} />}>
            <button
              type="button"
              className={classes['icon']}
              aria-label={t('editOf', { name: place.name })}
              onClick={() => setEdited(place)}
            >
              <IconPencil size={18} aria-hidden />
            </button>
            <button
              type="button"
              className={classes['icon']}
              aria-label={t('removeOf', { name: place.name })}
              onClick={() => void remove(place)}
            >
              <IconTrash size={18} aria-hidden />
            </button>
          </PanelRow>
        ))}
      </PanelList>
      <div>
        <Button variant="default" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEdited(blank())}>
          {t('addPlace')}
        </Button>
      </div>
      {edited && <PlaceSheet place={edited} places={places} onSave={keep} onClose={() => setEdited(null)} />}
    </Panel>
  );
}

/** The other end of what was changed at one end. */
function connected(other: Place, place: Place): Place {
  const without = other.connections.filter((id) => id !== place.id);
  return { ...other, connections: place.connections.includes(other.id) ? [...without, place.id] : without };
}

function PlaceDetail({ place, places }: { place: Place; places: readonly Place[] }) {
  const { t } = useTranslation('worlds');
  const parent = places.find(({ id }) => id === place.parentId);
  const near = places.filter(({ id }) => place.connections.includes(id)).map(({ name }) => name);
  return (
    <>
      {parent && <span>{t('within', { name: parent.name })} </span>}
      {near.length > 0 && <span>{t('leadsTo', { names: near.join(' · ') })} </span>}
      {place.description !== '' && <span className={classes['clamp']}>{place.description}</span>}
    </>
  );
}
