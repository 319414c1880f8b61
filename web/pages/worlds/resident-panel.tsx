import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Resident, World } from '../../../contract/worlds.ts';
import { IconPencil, IconPlus, IconTrash } from '../../ui/icons.ts';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';
import { ResidentSheet } from './resident-sheet.tsx';
import { useSaveWorld } from './use-world-change.ts';
import classes from './worlds.module.css';

const BLANK: Resident = { characterId: null, name: '', placeId: null, note: '' };

/** Who lives in a world, and where they usually are. */
export function ResidentPanel({ world }: { world: World }) {
  const { t } = useTranslation('worlds');
  const save = useSaveWorld(world);
  const { residents, places } = world;
  const [edited, setEdited] = useState<{ index: number; resident: Resident } | null>(null);
  const placeName = (placeId: string | null) => places.find(({ id }) => id === placeId)?.name;

  async function keep(index: number, resident: Resident): Promise<void> {
    if (await save({ residents: residents.toSpliced(index, 1, resident) })) setEdited(null);
  }

  return (
    <Panel title={t('residents')} lead={t('residentsLead')}>
      <PanelList>
        {residents.map((resident, index) => (
          <PanelRow
            key={`${resident.name} ${index}`}
            title={resident.name}
            detail={[placeName(resident.placeId), resident.note].filter(Boolean).join(' · ')}
          >
            <button
              type="button"
              className={classes['icon']}
              aria-label={t('editOf', { name: resident.name })}
              onClick={() => setEdited({ index, resident })}
            >
              <IconPencil size={18} aria-hidden />
            </button>
            <button
              type="button"
              className={classes['icon']}
              aria-label={t('removeOf', { name: resident.name })}
              onClick={() => void save({ residents: residents.toSpliced(index, 1) })}
            >
              <IconTrash size={18} aria-hidden />
            </button>
          </PanelRow>
        ))}
      </PanelList>
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={18} aria-hidden />}
          onClick={() => setEdited({ index: residents.length, resident: BLANK })}
        >
          {t('addResident')}
        </Button>
      </div>
      {edited && (
        <ResidentSheet
          resident={edited.resident}
          places={places}
          onSave={(resident) => keep(edited.index, resident)}
          onClose={() => setEdited(null)}
        />
      )}
    </Panel>
  );
}
