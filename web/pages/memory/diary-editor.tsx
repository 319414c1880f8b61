import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ButtonRow } from '../../ui/button-row.tsx';
import classes from './memory-page.module.css';

/** Units a page may have, as the server takes them. */
const PAGE_LENGTH = 4_000;

export interface DiaryEditorProps {
  label: string;
  initial: string;
  /** True when saved. */
  onSave: (text: string) => Promise<boolean>;
  onClose: () => void;
}

export function DiaryEditor({ label, initial, onSave, onClose }: DiaryEditorProps) {
  const { t } = useTranslation('common');
  const [text, setText] = useState(initial);
  const [busy, setBusy] = useState(false);

  async function save(): Promise<void> {
    setBusy(true);
    const saved = await onSave(text.trim());
    setBusy(false);
    if (saved) onClose();
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') void save();
      }}
    >
      <Textarea
        label={label}
        rows={8}
        maxLength={PAGE_LENGTH}
        value={text}
        classNames={{ input: classes['diaryInput'] ?? '' }}
        // The person asked to write here.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ButtonRow>
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button type="submit" loading={busy} disabled={text.trim() === ''}>
          {t('save')}
        </Button>
      </ButtonRow>
    </form>
  );
}
