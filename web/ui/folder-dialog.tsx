import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormProblem } from '../state/use-form-problem.ts';
import { ButtonRow } from './button-row.tsx';
import { Sheet } from './sheet.tsx';

export interface FolderDialogProps {
  /** Null for a new one. */
  folder: { name: string } | null;
  /** Rejects with `ApiError`. */
  onSave: (name: string) => Promise<void>;
  onClose: () => void;
}

export function FolderDialog({ folder, onSave, onClose }: FolderDialogProps) {
  const { t } = useTranslation(['list', 'common']);
  const [name, setName] = useState(folder?.name ?? '');
  const [busy, setBusy] = useState(false);
  const problem = useFormProblem(['name']);

  async function save(): Promise<void> {
    setBusy(true);
    try {
      await onSave(name.trim());
      onClose();
    } catch (error) {
      problem.set(error);
      setBusy(false);
    }
  }

  return (
    <Sheet title={folder === null ? t('list:folders.new') : t('list:folders.rename')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextInput
          label={t('list:folders.name')}
          value={name}
          maxLength={80}
          size="md"
          data-autofocus
          error={problem.of('name') ?? problem.general}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={name.trim() === ''}>
            {t('common:save')}
          </Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}
