import { Button, MultiSelect, NativeSelect, TagsInput, TextInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '../../../contract/worlds.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Stack } from '../../ui/stack.tsx';

export interface PlaceSheetProps {
  place: Place;
  places: readonly Place[];
  onSave: (place: Place) => Promise<void>;
  onClose: () => void;
}

export function PlaceSheet({ place, places, onSave, onClose }: PlaceSheetProps) {
  const { t } = useTranslation(['worlds', 'common']);
  const [values, setValues] = useState(place);
  const change = (part: Partial<Place>) => setValues({ ...values, ...part });
  const others = places.filter(({ id }) => id !== place.id).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Sheet title={place.name === '' ? t('worlds:addPlace') : place.name} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void onSave(values);
        }}
      >
        <Stack>
          <TextInput
            data-autofocus
            label={t('worlds:name')}
            value={values.name}
            maxLength={100}
            required
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <Textarea
            label={t('worlds:description')}
            description={t('worlds:placeHint')}
            value={values.description}
            rows={4}
            maxLength={4000}
            onChange={(event) => change({ description: event.currentTarget.value })}
          />
          {others.length > 0 && (
            <>
              <NativeSelect
                label={t('worlds:parent')}
                value={values.parentId ?? ''}
                data={[{ value: '', label: t('worlds:noParent') }, ...others]}
                onChange={(event) => change({ parentId: event.currentTarget.value || null })}
              />
              <MultiSelect
                label={t('worlds:connections')}
                data={others}
                value={values.connections}
                onChange={(connections) => change({ connections })}
              />
            </>
          )}
          <TagsInput label={t('worlds:tags')} value={values.tags} maxTags={20} onChange={(tags) => change({ tags })} />
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
