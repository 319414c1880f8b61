import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place, Resident } from '../../../contract/worlds.ts';
import { currentLocale } from '../../state/i18n.ts';
import { charactersQuery } from '../../state/queries.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Stack } from '../../ui/stack.tsx';
import { PlaceSelect } from './place-select.tsx';

export interface ResidentSheetProps {
  resident: Resident;
  places: readonly Place[];
  onSave: (resident: Resident) => Promise<void>;
  onClose: () => void;
}

export function ResidentSheet({ resident, places, onSave, onClose }: ResidentSheetProps) {
  const { t } = useTranslation(['worlds', 'common']);
  const { data: characters = [] } = useQuery(charactersQuery(currentLocale()));
  const [values, setValues] = useState(resident);
  const change = (part: Partial<Resident>) => setValues({ ...values, ...part });
  return (
    <Sheet title={resident.name === '' ? t('worlds:addResident') : resident.name} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void onSave(values);
        }}
      >
        <Stack>
          <NativeSelect
            label={t('worlds:character')}
            value={values.characterId ?? ''}
            data={[
              { value: '', label: t('worlds:onlyName') },
              ...characters.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(event) => {
              const chosen = characters.find(({ id }) => id === event.currentTarget.value);
              change({ characterId: chosen?.id ?? null, name: chosen?.name ?? values.name });
            }}
          />
          <TextInput
            label={t('worlds:name')}
            value={values.name}
            maxLength={100}
            required
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <PlaceSelect
            label={t('worlds:usually')}
            places={places}
            value={values.placeId}
            onChange={(placeId) => change({ placeId })}
          />
          <TextInput
            label={t('worlds:note')}
            value={values.note}
            maxLength={1000}
            onChange={(event) => change({ note: event.currentTarget.value })}
          />
        </Stack>
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" disabled={values.name.trim() === ''}>
            {t('common:save')}
          </Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}
