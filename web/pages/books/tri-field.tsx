import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const VALUES = { '': null, yes: true, no: false } as const;

export interface TriFieldProps {
  label: string;
  /** Null = as the settings say. */
  value: boolean | null;
  onChange: (value: boolean | null) => void;
}

/** Yes, no, or as the settings say. */
export function TriField({ label, value, onChange }: TriFieldProps) {
  const { t } = useTranslation('books');
  return (
    <NativeSelect
      label={label}
      value={value === null ? '' : value ? 'yes' : 'no'}
      data={[
        { value: '', label: t('entry.asBook') },
        { value: 'yes', label: t('entry.yes') },
        { value: 'no', label: t('entry.no') },
      ]}
      onChange={(event) => onChange(VALUES[event.currentTarget.value as keyof typeof VALUES] ?? null)}
    />
  );
}
