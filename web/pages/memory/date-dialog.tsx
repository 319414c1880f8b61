import { Button, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MemoryDate } from '../../../contract/memory.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Stack } from '../../ui/stack.tsx';

type DateValues = Pick<MemoryDate, 'text' | 'dueAt' | 'precision' | 'recurs'>;

export interface DateDialogProps {
  title: string;
  initial: DateValues | null;
  /** True when saved. */
  onSave: (values: DateValues) => Promise<boolean>;
  onClose: () => void;
}

/** Units a promise may have, as the server takes them. */
const TEXT_LENGTH = 500;
/** A day given without a time is meant from the morning on. */
const MORNING = 9;

/** A promise or a date: what and on which day. */
export function DateDialog({ title, initial, onSave, onClose }: DateDialogProps) {
  const { t } = useTranslation(['memory', 'common']);
  const [text, setText] = useState(initial?.text ?? '');
  const [day, setDay] = useState(initial === null ? '' : dayOf(initial.dueAt));
  const [yearly, setYearly] = useState(initial?.recurs === 'yearly');
  const [busy, setBusy] = useState(false);
  const ready = text.trim() !== '' && day !== '';

  async function save(): Promise<void> {
    setBusy(true);
    // Untouched, a date keeps its hour and how exactly it is known.
    const same = initial !== null && dayOf(initial.dueAt) === day;
    const when = same
      ? { dueAt: initial.dueAt, precision: initial.precision }
      : { dueAt: timeOf(day), precision: 'day' as const };
    const saved = await onSave({ text: text.trim(), ...when, recurs: yearly ? 'yearly' : 'none' });
    setBusy(false);
    if (saved) onClose();
  }

  return (
    <Sheet title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void save();
        }}
      >
        <Stack>
          <TextInput
            data-autofocus
            label={t('memory:dates.text')}
            value={text}
            maxLength={TEXT_LENGTH}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label={t('memory:dates.day')}
            value={day}
            onChange={(event) => setDay(event.currentTarget.value)}
          />
          <Switch
            label={t('memory:dates.everyYear')}
            checked={yearly}
            onChange={(event) => setYearly(event.currentTarget.checked)}
          />
        </Stack>
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={!ready}>
            {t('common:save')}
          </Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}

/** As a date field writes it, in the reader's time zone: `2026-05-03`. */
function dayOf(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function timeOf(day: string): number {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return Math.max(0, new Date(year, month - 1, date, MORNING).getTime());
}
