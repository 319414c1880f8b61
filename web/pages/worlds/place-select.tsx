import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Place } from '../../../contract/worlds.ts';

export interface PlaceSelectProps {
  label: string;
  places: readonly Place[];
  value: string | null;
  onChange: (placeId: string | null) => void;
}

/** One of a world's places, or none in particular. */
export function PlaceSelect({ label, places, value, onChange }: PlaceSelectProps) {
  const { t } = useTranslation('worlds');
  return (
    <NativeSelect
      label={label}
      value={value ?? ''}
      data={[{ value: '', label: t('noPlace') }, ...places.map((place) => ({ value: place.id, label: place.name }))]}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}
