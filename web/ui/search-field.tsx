import { IconSearch, IconX } from './icons.ts';
import classes from './search-field.module.css';

export interface SearchFieldProps {
  id: string;
  label: string;
  clearLabel: string;
  value: string;
  onChange: (value: string) => void;
}

export function SearchField({ id, label, clearLabel, value, onChange }: SearchFieldProps) {
  return (
    <search className={classes['field']}>
      <IconSearch size={16} aria-hidden />
      <input
        id={id}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        autoComplete="off"
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onChange('');
        }}
      />
      {value !== '' && (
        <button type="button" aria-label={clearLabel} onClick={() => onChange('')}>
          <IconX size={16} aria-hidden />
        </button>
      )}
    </search>
  );
}
