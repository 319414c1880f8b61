import { Pill, PillsInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { splitKeys } from './split-keys.ts';

export interface KeysInputProps {
  label: string;
  description?: string;
  placeholder?: string;
  value: readonly string[];
  /** True where every key is a pattern. */
  patterns: boolean;
  onChange: (keys: string[]) => void;
}

/** Keys as chips: a comma, Enter, or leaving the field ends one; patterns may contain commas. */
export function KeysInput({ label, description, placeholder, value, patterns, onChange }: KeysInputProps) {
  const { t } = useTranslation('books');
  const [typed, setTyped] = useState('');

  function add(keys: readonly string[]): void {
    const fresh = [...new Set(keys)].filter((key) => key !== '' && !value.includes(key));
    if (fresh.length > 0) onChange([...value, ...fresh]);
  }
  function type(text: string): void {
    const { keys, rest } = splitKeys(text, patterns);
    add(keys);
    setTyped(rest);
  }
  function finish(): void {
    add([typed.trim()]);
    setTyped('');
  }

  return (
    <PillsInput label={label} description={description}>
      <Pill.Group>
        {value.map((key, place) => (
          <Pill
            // Files may name a key twice.
            key={`${place} ${key}`}
            withRemoveButton
            removeButtonProps={{ 'aria-label': t('entry.remove', { key }), 'aria-hidden': false, tabIndex: 0 }}
            onRemove={() => onChange(value.filter((_, index) => index !== place))}
          >
            {key}
          </Pill>
        ))}
        <KeyField
          label={label}
          value={typed}
          placeholder={value.length === 0 ? placeholder : undefined}
          onType={type}
          onCompose={setTyped}
          onFinish={finish}
          onErase={() => value.length > 0 && onChange(value.slice(0, -1))}
        />
      </Pill.Group>
    </PillsInput>
  );
}

interface KeyFieldProps {
  label: string;
  value: string;
  placeholder: string | undefined;
  onType: (text: string) => void;
  /** While an input method is at work nothing is split. */
  onCompose: (text: string) => void;
  onFinish: () => void;
  /** Backspace in the empty field. */
  onErase: () => void;
}

function KeyField({ label, value, placeholder, onType, onCompose, onFinish, onErase }: KeyFieldProps) {
  return (
    <PillsInput.Field
      aria-label={label}
      value={value}
      autoComplete="off"
      placeholder={placeholder}
      onChange={(event) => {
        const { isComposing } = event.nativeEvent as InputEvent;
        (isComposing ? onCompose : onType)(event.currentTarget.value);
      }}
      onCompositionEnd={(event) => onType(event.currentTarget.value)}
      onPaste={(event) => {
        const text = event.clipboardData.getData('text/plain');
        if (!text.includes('\n')) return;
        event.preventDefault();
        onType(`${value}${text}\n`);
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter') {
          event.preventDefault();
          onFinish();
        } else if (event.key === 'Backspace' && value === '') {
          event.preventDefault();
          onErase();
        }
      }}
      onBlur={onFinish}
    />
  );
}
