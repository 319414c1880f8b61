import { NumberInput } from '@mantine/core';

export interface NumberFieldProps {
  label: string;
  description?: string;
  value: number | null;
  /** True: empty means null; else an emptied field keeps its number. */
  nullable?: boolean;
  min?: number;
  max?: number;
  disabled?: boolean;
  onChange: (value: number | null) => void;
}

export function NumberField({ value, nullable = false, onChange, ...props }: NumberFieldProps) {
  return (
    <NumberInput
      {...props}
      value={value ?? ''}
      allowDecimal={false}
      clampBehavior="blur"
      onChange={(next) => {
        if (typeof next === 'number') onChange(next);
        else if (nullable && next === '') onChange(null);
      }}
    />
  );
}
